return VoiceKit.Cli.CommandLine.Run(args, Console.Out, Console.Error);
