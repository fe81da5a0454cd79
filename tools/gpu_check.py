"""Runs the parts of tools/gpu-check.sh in an unpacked bundle, each with its own time limit, and writes one JSON file and a table.

Usage: gpu_check.py FOLDER [RESULTS.json] [--simulator] [--only=PART,PART]
"""
import glob
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
import xml.etree.ElementTree

arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
only = [part for word in sys.argv for part in word.removeprefix("--only=").split(",") if word.startswith("--only=")]
simulator = "--simulator" in sys.argv
folder = os.path.abspath(arguments[0])
results_path = arguments[1] if len(arguments) > 1 else "gpu-check.json"
device = "simulator" if simulator else "cuda"
peer_device = "cpu" if simulator else "cuda"
dotnet = os.path.join(folder, "dotnet", "dotnet")

environment = dict(os.environ, DOTNET_ROOT=os.path.join(folder, "dotnet"), DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1", DOTNET_gcServer="0")
# PyTorch brings cuBLAS; the program finds it by the loader's path.
torch_files = importlib.util.find_spec("torch")
if torch_files:
    packages = os.path.dirname(os.path.dirname(torch_files.origin))
    libraries = sorted({os.path.dirname(path) for path in glob.glob(os.path.join(packages, "nvidia", "**", "libcublas*.so*"), recursive=True)})
    environment["LD_LIBRARY_PATH"] = ":".join(libraries + [environment.get("LD_LIBRARY_PATH", "")]).strip(":")


def program(project):
    return [dotnet, os.path.join(folder, project, os.path.basename(project) + ".dll")]


def run(name, command, limit):
    """Runs a command and gives its output, its seconds and its exit code; 124 where it ran past its limit."""
    if only and name not in only:
        return {"exit_code": 0, "duration_s": 0, "output": "left out"}
    start = time.time()
    print(f"{name} ...", file=sys.stderr, flush=True)
    try:
        done = subprocess.run(command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=limit)
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as expired:
        output, code = (expired.stdout or b"").decode(errors="replace") if isinstance(expired.stdout, bytes) else expired.stdout or "", 124
    return {"exit_code": code, "duration_s": round(time.time() - start, 1), "output": output[-12000:]}


def figures(part):
    """The JSON object on the last line that is one."""
    for line in reversed(part["output"].splitlines()):
        if line.startswith("{") and line.endswith("}"):
            try:
                return json.loads(line)
            except ValueError:
                continue
    return None


parts = {}


def benchmark(name, words, limit):
    parts[name] = run(name, program("tests/VoiceKit.Benchmarks") + words, limit)
    parts[name]["figures"] = figures(parts[name])
    return parts[name]["figures"] or {}


def peer(name, script, words, limit):
    parts[name] = run(name, [sys.executable, os.path.join(folder, "tools", script)] + words, limit)
    parts[name]["figures"] = figures(parts[name])
    return parts[name]["figures"] or {}


rows = []


def row(what, value):
    rows.append((what, value))
    print(f"  {what}: {value}", file=sys.stderr, flush=True)


def number(value, text="{:.3g}"):
    return text.format(value) if value is not None else "none"


def ratio(own, other):
    return own / other if own and other else None


begin = time.time()
parts["devices"] = run("devices", program("src/VoiceKit.Cli") + ["devices", "--json"], 60)
row("self-test", "passed" if parts["devices"]["exit_code"] == 0 else f"FAILED (exit code {parts['devices']['exit_code']})")

environment["VOICEKIT_TEST_SIMULATOR"] = "0"
counts, failures = {"passed": 0, "failed": 0, "skipped": 0}, []
for project, selection in (
        ("VoiceKit.Compute.Tests", [word for name in ("Devices", "Tensors", "Networks") for word in ("-namespace", f"VoiceKit.Tests.{name}")]),
        ("VoiceKit.Gpu.Tests", ["-class", "VoiceKit.Tests.Gpu.MemoryPoolTests"] if simulator else [])):
    if simulator and not selection[0] == "-class":
        continue
    results = os.path.join(folder, project + ".xml")
    part = parts[f"tests_{project}"] = run(project, program(f"tests/{project}") + selection + ["-parallelMode", "none", "-result-xml", results, "-noColor"], 90)
    try:
        root = xml.etree.ElementTree.parse(results).getroot()
    except (OSError, xml.etree.ElementTree.ParseError):
        failures.append({"name": project, "message": f"no result (exit code {part['exit_code']})"})
        continue
    for item in root.findall("assembly"):
        for word in counts:
            counts[word] += int(item.get(word, 0))
    failures += [{"name": item.get("name"), "message": (item.findtext("failure/message") or "")[:600]}
                 for item in root.iter("test") if item.get("result") == "Fail"]
parts["failures"] = {"exit_code": 1 if failures else 0, "duration_s": 0, "output": "", "tests": failures[:60]}
row("tests", "{passed} passed, {failed} failed, {skipped} skipped".format(**counts))

own = benchmark("training_step", ["device-training-step", "cpu" if simulator else device], 60).get("steps_per_s")
benchmark("training_step_profile", ["device-training-profile", "cpu" if simulator else device], 40)
eager = peer("training_step_pytorch", "compare_training_step_2d.py", [peer_device], 60).get("steps_per_s")
compiled = None if simulator else peer("training_step_compiled", "compare_training_step_2d.py", [peer_device, "compile"], 100).get("steps_per_s")
row("2-D GAN step", f"{number(own)} steps/s; PyTorch {number(eager)}, compiled {number(compiled)}; ratios {number(ratio(own, eager))}, {number(ratio(own, compiled))}")

product = benchmark("matrix_product", ["device-matmul", device, "64" if simulator else "4096"], 40)
row("product of matrices", f"{number(product.get('own_tflops'))} TFLOP/s; {product.get('library')} {number(product.get('library_tflops'))}; ratio {number(product.get('ratio'))}")

step = benchmark("expectation", ["device-expectation", device, "8" if simulator else "10000000"], 100)
row("E-step", f"{number(step.get('device_s'))} s for {step.get('frames')} frames; {step.get('cpu_cores')} cores {number(step.get('cpu_s'))} s; ratio {number(step.get('ratio'))}")

hours = "0.0002" if simulator else "10"
mel = benchmark("mel", ["device-mel", device, hours], 60)
audio = peer("mel_torchaudio", "compare_mel_device.py", [peer_device, hours], 60)
row("mel spectrograms", f"{number(mel.get('seconds'))} s for {hours} h; torchaudio {number(audio.get('seconds'))} s; ratio of times {number(ratio(mel.get('seconds'), audio.get('seconds')))}")

with open(os.path.join(folder, "commit")) as file:
    commit = file.read().strip()
gpu = subprocess.run(["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"], capture_output=True, text=True).stdout.strip() if not simulator else "simulator"
report = {"schema": 1, "date": time.strftime("%Y-%m-%d", time.gmtime()), "commit": commit, "gpu": gpu, "cpu_cores": os.cpu_count(), "kernel": platform.release(),
          "duration_s": round(time.time() - begin, 1), "summary": dict(rows), "parts": parts}
with open(results_path + ".new", "w") as file:
    json.dump(report, file, indent=1)
os.replace(results_path + ".new", results_path)

print(f"{gpu}, {report['date']}, {report['duration_s']} s")
for what, value in rows:
    print(f"{what:20} {value}")
failed = [name for name, part in parts.items() if part["exit_code"] != 0]
print("parts that failed: " + (", ".join(failed) or "none"))
sys.exit(1 if failed else 0)
