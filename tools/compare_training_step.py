"""Times one WGAN-GP training step (critic, then generator) of a small 1-D network in PyTorch: the network of PeerTrainingStep.cs."""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, STEPS, VOICES, STATES, CHANNELS, NOISE = 32, 32, 4, 48, 128, 128


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(NOISE, STEPS // 8 * CHANNELS)
        self.first_normalization = nn.BatchNorm1d(STEPS // 8 * CHANNELS)
        self.up = nn.ModuleList([nn.ConvTranspose1d(CHANNELS, CHANNELS, 4, 2, 1) for _ in range(3)])
        self.normalizations = nn.ModuleList([nn.BatchNorm1d(CHANNELS) for _ in range(3)])
        self.last = nn.Conv1d(CHANNELS, VOICES * STATES, 3, 1, 1)

    def forward(self, noise):
        x = F.relu(self.first_normalization(self.first(noise))).view(-1, CHANNELS, STEPS // 8)
        for up, normalization in zip(self.up, self.normalizations):
            x = F.relu(normalization(up(x)))
        return torch.softmax(self.last(x).view(-1, VOICES, STATES, STEPS), 2).view(-1, VOICES * STATES, STEPS)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([nn.Conv1d(VOICES * STATES if i == 0 else CHANNELS, CHANNELS, 4, 2, 1) for i in range(3)])
        self.last = nn.Linear(STEPS // 8 * CHANNELS, 1)

    def forward(self, x):
        for down in self.down:
            x = F.leaky_relu(down(x), 0.2)
        return self.last(x.flatten(1))


torch.manual_seed(1)
torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
generator, critic = Generator(), Critic()
generator_adam = torch.optim.Adam(generator.parameters(), 2e-4, (0.0, 0.9))
critic_adam = torch.optim.Adam(critic.parameters(), 4e-4, (0.0, 0.9))
real = F.one_hot(torch.randint(STATES, (BATCH, VOICES, STEPS)), STATES).float().permute(0, 1, 3, 2).reshape(BATCH, VOICES * STATES, STEPS).contiguous()


def step():
    with torch.no_grad():
        fake = generator(torch.randn(BATCH, NOISE))
    critic_adam.zero_grad(set_to_none=True)
    share = torch.rand(BATCH, 1, 1)
    mixed = (share * real + (1 - share) * fake).requires_grad_(True)
    slope = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)[0].flatten(1).norm(2, 1)
    (critic(fake).mean() - critic(real).mean() + 10 * ((slope - 1) ** 2).mean()).backward()
    critic_adam.step()
    generator_adam.zero_grad(set_to_none=True)
    (-critic(generator(torch.randn(BATCH, NOISE))).mean()).backward()
    generator_adam.step()


for _ in range(3):
    step()
best, count, begin = float("inf"), 0, time.perf_counter()
while time.perf_counter() - begin < 6:
    start = time.perf_counter()
    step()
    best, count = min(best, time.perf_counter() - start), count + 1
parameters = [sum(p.numel() for p in network.parameters()) for network in (generator, critic)]
print(f"{1 / best:.2f} steps/s at best, {count / (time.perf_counter() - begin):.2f} on average, G {parameters[0]} D {parameters[1]}")
