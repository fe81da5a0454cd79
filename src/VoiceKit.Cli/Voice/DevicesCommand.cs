using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VoiceKit.Devices;

namespace VoiceKit.Cli;

/// <summary>voicekit devices.</summary>
internal static class DevicesCommand
{
    private sealed record Finding(DeviceInfo Offer, IReadOnlyList<DeviceDifference> Differences, string? Failure, double Seconds)
    {
        public bool Passed => Failure is null && Differences.All(item => item.IsSmall);
    }

    public static Command Create(CommandConsole console, DeviceCatalog catalog)
    {
        var json = SharedOptions.Json();
        var command = new Command(
            "devices",
            """
            List the devices that can compute, and test each against the CPU. Exit code 6 if one computes other numbers.

              voicekit devices
              voicekit music train --midi my-midi/ -o my.safetensors --device auto
            """
        )
        {
            json,
        };
        command.SetAction(result =>
        {
            DeviceInfo cpu = new(
                ComputeBackend.Cpu,
                $"{Environment.ProcessorCount} cores",
                $".NET {Environment.Version}",
                GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                () => new CpuDevice()
            );
            var findings = catalog.Find().Prepend(cpu).Select(Test).ToArray();
            if (result.GetValue(json))
                console.Output.WriteLine(
                    JsonSerializer.Serialize(new { schema = 1, devices = findings.Select(Facts) }, SharedOptions.Indented)
                );
            else
                Array.ForEach(findings, finding => console.Output.WriteLine(Describe(finding)));
            return findings.All(finding => finding.Passed) ? ExitCode.Done : ExitCode.Device;
        });
        return command;
    }

    private static Finding Test(DeviceInfo offer)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var device = offer.Create();
            return new Finding(offer, DeviceSelfTest.Run(device), null, clock.Elapsed.TotalSeconds);
        }
        catch (DeviceException exception)
        {
            return new Finding(offer, [], exception.Message, clock.Elapsed.TotalSeconds);
        }
    }

    private static string Describe(Finding finding)
    {
        var (offer, culture) = (finding.Offer, CultureInfo.InvariantCulture);
        var differences = string.Join(
            ", ",
            finding.Differences.Select(item => string.Create(culture, $"{item.Operation} {item.Difference:0.0e+0}"))
        );
        var test = finding.Failure ?? (finding.Passed ? $"self-test passed ({differences})" : $"SELF-TEST FAILED ({differences})");
        return string.Create(
            culture,
            $"{DeviceOption.NameOf(offer.Backend),-6}  {offer.Name}  {offer.Version}  {offer.MemoryBytes / 1073741824.0:F1} GiB  "
                + $"{test} in "
                + $"{finding.Seconds:F1} s"
        );
    }

    private static object Facts(Finding finding) =>
        new
        {
            backend = DeviceOption.NameOf(finding.Offer.Backend),
            name = finding.Offer.Name,
            version = finding.Offer.Version,
            memory_bytes = finding.Offer.MemoryBytes,
            passed = finding.Passed,
            failure = finding.Failure,
            duration_s = finding.Seconds,

            // JSON has no word for what is not a number.
            differences = finding.Differences.ToDictionary(
                item => item.Operation.Replace(' ', '_'),
                item => double.IsFinite(item.Difference) ? item.Difference : (double?)null
            ),
        };
}
