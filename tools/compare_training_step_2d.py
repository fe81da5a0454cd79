"""Times one WGAN-GP training step (critic, then generator) of the 2-D reference network in PyTorch: the network of DeviceTrainingStep.cs.

Usage: compare_training_step_2d.py cpu|cuda [compile]
"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, HEIGHT, WIDTH, CHANNELS, NOISE = 64, 64, 84, 32, 128
HIDDEN = 8 * CHANNELS * 4 * 7


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(NOISE, HIDDEN)
        self.first_normalization = nn.BatchNorm1d(HIDDEN)
        self.up = nn.ModuleList([
            nn.ConvTranspose2d(8 * CHANNELS, 4 * CHANNELS, 4, 2, 1),
            nn.ConvTranspose2d(4 * CHANNELS, 2 * CHANNELS, 4, 2, 1),
            nn.ConvTranspose2d(2 * CHANNELS, CHANNELS, (4, 3), (2, 3), (1, 0)),
        ])
        self.normalizations = nn.ModuleList([nn.BatchNorm2d(factor * CHANNELS) for factor in (4, 2, 1)])
        self.last = nn.ConvTranspose2d(CHANNELS, 1, (4, 3), (2, 1), (1, 1))

    def forward(self, noise):
        x = F.relu(self.first_normalization(self.first(noise))).view(-1, 8 * CHANNELS, 4, 7)
        for up, normalization in zip(self.up, self.normalizations):
            x = F.relu(normalization(up(x)))
        return torch.sigmoid(self.last(x))


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([
            nn.Conv2d(2, CHANNELS, (4, 3), (2, 1), (1, 1)),
            nn.Conv2d(CHANNELS, 2 * CHANNELS, (4, 3), (2, 3), (1, 0)),
            nn.Conv2d(2 * CHANNELS, 4 * CHANNELS, 4, 2, 1),
            nn.Conv2d(4 * CHANNELS, 8 * CHANNELS, 4, 2, 1),
        ])
        self.last = nn.Linear(HIDDEN, 1)

    def forward(self, x):
        x = torch.cat([x, x - F.pad(x[:, :, :-1], (0, 0, 1, 0))], 1)
        for down in self.down:
            x = F.leaky_relu(down(x), 0.2)
        return self.last(x.flatten(1))


torch.manual_seed(1)
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
device = torch.device(sys.argv[1] if len(sys.argv) > 1 else "cpu")
generator, critic = Generator().to(device), Critic().to(device)
generator_adam = torch.optim.Adam(generator.parameters(), 2e-4, (0.0, 0.9))
critic_adam = torch.optim.Adam(critic.parameters(), 4e-4, (0.0, 0.9))
real = F.one_hot(torch.randint(WIDTH, (BATCH, 1, HEIGHT)), WIDTH).float().to(device)


# torch.compile cannot differentiate a gradient: only the networks are compiled, and the penalty's critic stays eager.
compiled = len(sys.argv) > 2 and sys.argv[2] == "compile"
if compiled:
    import torch._inductor.config

    # Channels last fails in the backward pass of PyTorch 2.11.
    torch._inductor.config.layout_optimization = False
fast_generator = torch.compile(generator) if compiled else generator
fast_critic = torch.compile(critic) if compiled else critic


def step():
    with torch.no_grad():
        fake = fast_generator(torch.randn(BATCH, NOISE, device=device))
    critic_adam.zero_grad(set_to_none=True)
    share = torch.rand(BATCH, 1, 1, 1, device=device)
    mixed = (share * real + (1 - share) * fake).requires_grad_(True)
    slope = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)[0].flatten(1).norm(2, 1)
    (fast_critic(fake).mean() - fast_critic(real).mean() + 10 * ((slope - 1) ** 2).mean()).backward()
    critic_adam.step()
    generator_adam.zero_grad(set_to_none=True)
    loss = -fast_critic(fast_generator(torch.randn(BATCH, NOISE, device=device))).mean()
    loss.backward()
    generator_adam.step()
    return loss


for _ in range(3):
    step().item()
count = 1 if device.type == "cpu" else 20
best, begin = 0.0, time.perf_counter()
while time.perf_counter() - begin < 10:
    start = time.perf_counter()
    for _ in range(count):
        loss = step()
    loss.item()
    best = max(best, count / (time.perf_counter() - start))
parameters = [sum(p.numel() for p in network.parameters()) for network in (generator, critic)]
print(f"{best:.2f} steps/s at best, G {parameters[0]} D {parameters[1]}, PyTorch {torch.__version__}")
print(json.dumps({"device": str(device), "steps_per_s": best, "compiled": compiled, "pytorch": torch.__version__}))
