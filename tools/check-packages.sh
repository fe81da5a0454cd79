#!/usr/bin/env bash
# Packs all libraries and the program, and uses them as others do: the program installed into an empty folder runs its demo and makes music; a project
# of its own refers to the packages, compiles the README's examples and runs them. Needs a build: dotnet build -c Release.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
packages=$(mktemp -d)
work=$(mktemp -d)
trap 'rm -rf "$packages" "$work"' EXIT
for project in src/*/; do
    dotnet pack -c Release --no-build "$project" -o "$packages" >/dev/null
done
(cd "$packages" && ls -l ./*.nupkg | awk '{ printf "%8.2f MB  %s\n", $5 / 1e6, $NF }')
tool=$(find "$packages" -name 'VoiceKit.Cli.*.nupkg' -size -12000k)
[ -n "$tool" ] || { echo "the program's package is 12 MB or more" >&2; exit 1; }

dotnet tool install VoiceKit.Cli --tool-path "$work/tools" --add-source "$packages" >/dev/null
(cd "$work" && tools/voicekit --version && tools/voicekit demo && tools/voicekit music generate --count 1 -o music)

# Packages of this version that were unpacked before must not stand in for these.
mkdir "$work/consumer" && cd "$work/consumer"
version=$(basename "$packages"/VoiceKit.Compute.*.nupkg .nupkg | sed 's/VoiceKit.Compute.//')
cat > nuget.config <<CONFIG
<configuration>
  <packageSources><add key="packed" value="$packages" /></packageSources>
  <config><add key="globalPackagesFolder" value="$work/unpacked" /></config>
</configuration>
CONFIG
cat > Consumer.csproj <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="VoiceKit" Version="$version" />
    <PackageReference Include="VoiceKit.Music" Version="$version" />
    <PackageReference Include="VoiceKit.Corpora" Version="$version" />
    <PackageReference Include="VoiceKit.Gpu" Version="$version" />
    <PackageReference Include="VoiceKit.Pictures" Version="$version" />
  </ItemGroup>
</Project>
PROJECT
# Each example of the README becomes a method of its own; its usings go to the top.
awk -v folder=. '
    /^```csharp/ { inside = 1; count++; next }
    /^```/ { inside = 0; next }
    inside && /^using [A-Z][A-Za-z.]*;/ { usings[$0]; next }
    inside { code[count] = code[count] "        " $0 "\n" }
    END {
        for (line in usings) print line
        print "internal static class Program\n{\n    private static void Main()\n    {"
        for (i = 1; i <= count; i++) print "        Example" i "();"
        print "    }\n"
        for (i = 1; i <= count; i++) print "    private static void Example" i "()\n    {\n" code[i] "    }\n"
        print "}"
    }' "$root/README.md" > Program.cs
cp "$root/corpora/flite/slt/001.wav" new.wav
"$work/tools/voicekit" train --source "$root/corpora/flite/slt" --target "$root/corpora/flite/rms" --limit 4 --mixtures 2 -o ben.safetensors >/dev/null 2>&1
dotnet run -c Release
ls -l new-as-ben.wav snippet.mid
