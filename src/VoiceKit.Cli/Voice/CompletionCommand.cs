using System.CommandLine;

namespace VoiceKit.Cli;

/// <summary>voicekit completion.</summary>
internal static class CompletionCommand
{
    // Each script asks the program itself, which knows its verbs, options and values.
    private const string Bash = """
        _voicekit() {
            local line
            COMPREPLY=()
            while IFS= read -r line; do
                COMPREPLY+=("$line")
            done < <(voicekit "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            COMPREPLY=($(compgen -W "${COMPREPLY[*]}" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _voicekit voicekit
        """;

    private const string Zsh = """
        #compdef voicekit
        _voicekit() {
            local -a found
            found=("${(@f)$(voicekit "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            if (( ${#found} )) && [[ -n $found[1] ]]; then compadd -- $found; else _files; fi
        }
        compdef _voicekit voicekit
        """;

    private const string Fish = """
        function __voicekit_complete
            set -l line (commandline -cp)
            voicekit "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
        end
        complete -c voicekit -a '(__voicekit_complete)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName voicekit -ScriptBlock {
            param($word, $ast, $cursor)
            voicekit "[suggest:$cursor]" "$ast" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Command Create(CommandConsole console)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." }.AcceptOnlyFromAmong(
            "bash",
            "zsh",
            "fish",
            "pwsh"
        );
        var command = new Command(
            "completion",
            """
            Print a script that completes verbs, options and values in a shell.

              voicekit completion bash > ~/.local/share/bash-completion/completions/voicekit
              voicekit completion fish > ~/.config/fish/completions/voicekit.fish
            """
        )
        {
            shell,
        };
        command.SetAction(result =>
            console.Output.WriteLine(
                result.GetRequiredValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    "fish" => Fish,
                    _ => PowerShell,
                }
            )
        );
        return command;
    }
}
