"""Simulations and statistics: loops in time, filters, matrices, dynamic programming."""

import numpy as np

from third_party.cases import published

RNG = np.random.default_rng(11)
INPUTS = RNG.normal(size=(12, 3))
TARGETS = np.sin(INPUTS.sum(axis=1))
SERIES = np.cumsum(RNG.normal(size=15))
IMAGE = RNG.normal(size=(4, 5))
GRID = np.linspace(0, 1, 6)


@published(-1, 1, 17)
def neural_network(p):
    w1 = p[:12].reshape(3, 4)
    b1 = p[12:16]
    hidden = np.tanh(INPUTS @ w1 + b1)
    output = hidden.sum(axis=1) * p[16]
    return np.mean((output - TARGETS) ** 2)


@published(-1, 1, 13)
def network_of_relus(p):
    w1, w2, b = p[:9].reshape(3, 3), p[9:12], p[12]
    hidden = np.maximum(0, INPUTS @ w1)
    logits = hidden @ w2 + b
    labels = (TARGETS > 0).astype(float)
    return np.mean(np.log(1 + np.exp(-np.abs(logits))) + np.maximum(logits, 0) - logits * labels)


@published(-2, 2, 3)
def logistic_regression(w):
    labels = np.where(TARGETS > 0, 1, -1)
    loss = 0.0
    for features, label in zip(INPUTS, labels):
        loss += np.log(1 + np.exp(-label * np.dot(w, features)))
    return loss / len(labels) + 0.01 * w @ w


@published(-1, 1, 3)
def hinge_loss(w):
    labels = np.sign(TARGETS)
    margins = 1 - labels * (INPUTS @ w)
    return np.sum(margins[margins > 0]) + 0.5 * np.dot(w, w)


@published(0.1, 2, 8)
def spring_chain(x):
    energy = 0.0
    positions = np.concatenate([[0.0], x, [5.0]])
    for k in range(len(positions) - 1):
        energy += 0.5 * (k + 1) * (positions[k + 1] - positions[k] - 0.5) ** 2
    return energy + 9.81 * 0.1 * np.sum(positions)


@published([0.5, 0.1], [2, 0.6], 2)
def oscillator_by_euler(p):
    stiffness, damping = p
    position, velocity, dt = 1.0, 0.0, 0.02
    for _ in range(60):
        acceleration = -stiffness * position - damping * velocity
        position += dt * velocity
        velocity += dt * acceleration
    return (position - 0.3) ** 2 + velocity**2


@published([0.5, 0.5, 0.5, 0.5], [1.5, 1.5, 1.5, 1.5], 4)
def predator_and_prey_by_runge_kutta(p):
    a, b, c, d = p

    def slope(state):
        prey, predators = state
        return np.array([a * prey - b * prey * predators, d * prey * predators - c * predators])

    state, h = np.array([1.0, 0.5]), 0.1
    history = np.zeros((21, 2))
    history[0] = state
    for n in range(20):
        k1 = slope(state)
        k2 = slope(state + h / 2 * k1)
        k3 = slope(state + h / 2 * k2)
        k4 = slope(state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        history[n + 1] = state
    return np.mean((history - 1.0) ** 2)


@published([0.2, 0.2], [1.5, 1.5], 2)
def kalman_filter_likelihood(p):
    process, noise = p[0] ** 2, p[1] ** 2
    mean, variance = 0.0, 1.0
    log_likelihood = 0.0
    for y in SERIES:
        variance = variance + process
        innovation = y - mean
        s = variance + noise
        log_likelihood -= 0.5 * (np.log(2 * np.pi * s) + innovation**2 / s)
        gain = variance / s
        mean = mean + gain * innovation
        variance = (1 - gain) * variance
    return -log_likelihood


@published([0.3, 0.3, 0.1], [2, 2, 0.5], 3)
def gaussian_process_likelihood(p):
    length, amplitude, noise = p
    d = GRID[:, None] - GRID[None, :]
    k = amplitude**2 * np.exp(-0.5 * (d / length) ** 2) + noise**2 * np.eye(len(GRID))
    y = np.cos(3 * GRID)
    factor = np.linalg.cholesky(k)
    alpha = np.linalg.solve(factor.T, np.linalg.solve(factor, y))
    return 0.5 * y @ alpha + np.log(np.diag(factor)).sum() + 0.5 * len(y) * np.log(2 * np.pi)


@published([0.3, 0.3], [2, 2], 2)
def gaussian_process_by_determinant(p):
    k = np.empty((6, 6))
    for i in range(6):
        for j in range(6):
            k[i, j] = p[1] * np.exp(-abs(GRID[i] - GRID[j]) / p[0])
    k += 0.1 * np.eye(6)
    sign, log_determinant = np.linalg.slogdet(k)
    y = np.sin(5 * GRID)
    return 0.5 * np.dot(y, np.linalg.inv(k).dot(y)) + 0.5 * log_determinant


@published(-0.3, 0.3, 12)
def lennard_jones_cluster(p):
    lattice = 1.1 * np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    x = lattice + p.reshape(-1, 3)
    energy = 0.0
    n = len(x)
    for i in range(n):
        for j in range(i + 1, n):
            r2 = np.sum((x[i] - x[j]) ** 2)
            inverse = 1.0 / r2**3
            energy += 4 * (inverse**2 - inverse)
    return energy


@published(-0.3, 0.3, 12)
def morse_cluster_vectorised(p):
    x = 1.2 * np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]) + p.reshape(4, 3)
    i, j = np.triu_indices(4, k=1)
    r = np.sqrt(((x[i] - x[j]) ** 2).sum(-1))
    return np.sum((1 - np.exp(-(r - 1))) ** 2 - 1)


@published(-2, 2, 20)
def image_smoothing(p):
    image = p.reshape(IMAGE.shape)
    fidelity = np.sum((image - IMAGE) ** 2)
    dx = image[:, 1:] - image[:, :-1]
    dy = image[1:, :] - image[:-1, :]
    return fidelity + 0.5 * (np.sum(np.sqrt(dx**2 + 0.01)) + np.sum(np.sqrt(dy**2 + 0.01)))


@published(-2, 2, 20)
def laplacian_energy(p):
    u = p.reshape(4, 5)
    lap = np.zeros_like(u)
    lap[1:-1, 1:-1] = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1]
    return np.sum(lap**2) + np.sum((u - np.roll(u, 1, axis=0)) ** 2)


@published(0.1, 3, 12)
def shortest_path(p):
    cost = p.reshape(3, 4)
    best = np.zeros((3, 4))
    best[0] = np.cumsum(cost[0])
    best[:, 0] = np.cumsum(cost[:, 0])
    for i in range(1, 3):
        for j in range(1, 4):
            best[i, j] = cost[i, j] + min(best[i - 1, j], best[i, j - 1])
    return best[-1, -1]


@published(0.1, 1, 6)
def viterbi(p):
    transition = np.log(p[:4].reshape(2, 2) / p[:4].reshape(2, 2).sum(axis=1, keepdims=True))
    emission = np.log([[p[4], 1 - p[4] / 2], [p[5] / 2, 1 - p[5] / 2]])
    observed = [0, 1, 1, 0, 1]
    score = np.log([0.5, 0.5]) + emission[:, observed[0]]
    for symbol in observed[1:]:
        score = np.max(score[:, None] + transition, axis=0) + emission[:, symbol]
    return -np.max(score)


@published(0.1, 0.9, 4)
def hidden_markov_forward(p):
    a = np.array([[p[0], 1 - p[0]], [1 - p[1], p[1]]])
    b = np.array([[p[2], 1 - p[2]], [1 - p[3], p[3]]])
    alpha = np.array([0.6, 0.4]) * b[:, 0]
    likelihood = 0.0
    for symbol in (1, 0, 0, 1):
        alpha = (alpha @ a) * b[:, symbol]
        scale = alpha.sum()
        likelihood += np.log(scale)
        alpha = alpha / scale
    return -likelihood


@published(0.05, 1, 4)
def portfolio(w):
    w = w / np.sum(w)
    returns = np.array([0.05, 0.08, 0.12, 0.03])
    covariance = np.diag([0.01, 0.04, 0.09, 0.0025]) + 0.002
    risk = np.sqrt(w.T @ covariance @ w)
    return -(w @ returns - 0.02) / risk


@published([0.05, 0.5, 0.2], [0.3, 0.9, 0.8], 3)
def volatility_likelihood(p):
    omega, alpha, beta = p[0], p[1] * 0.3, p[2] * 0.5
    variance = np.zeros(len(SERIES))
    variance[0] = np.var(SERIES)
    for t in range(1, len(SERIES)):
        variance[t] = omega + alpha * SERIES[t - 1] ** 2 + beta * variance[t - 1]
    return 0.5 * np.sum(np.log(variance) + SERIES**2 / variance)


@published(-0.8, 0.8, 3)
def autoregression(p):
    residuals = []
    for t in range(2, len(SERIES)):
        residuals.append(SERIES[t] - p[0] * SERIES[t - 1] - p[1] * SERIES[t - 2] - p[2])
    return float(np.sum(np.array(residuals) ** 2))


@published([0.3, 0.3], [1, 1], 2)
def heat_equation(p):
    u = np.sin(np.pi * GRID)
    for _ in range(10):
        new = u.copy()
        new[1:-1] = u[1:-1] + 0.2 * p[0] * (u[2:] - 2 * u[1:-1] + u[:-2])
        new[0] = p[1] * 0.1
        u = new
    return np.sum((u - 0.2) ** 2)


@published([1, 0.2], [3, 1.2], 2)
def projectile_with_drag(p):
    speed, angle = p
    x, y = 0.0, 0.0
    vx, vy = speed * np.cos(angle), speed * np.sin(angle)
    while y >= 0.0:
        drag = 0.1 * np.hypot(vx, vy)
        vx, vy = vx - 0.05 * drag * vx, vy - 0.05 * (1.0 + drag * vy)
        x, y = x + 0.05 * vx, y + 0.05 * vy
    return (x - 2.0) ** 2 + y**2


@published(-1, 1, 4)
def echo_state(p):
    state = np.zeros(4)
    weights = np.outer(p, p) * 0.3
    for value in SERIES[:6]:
        state = np.tanh(weights @ state + p * value)
    return state @ state


@published([0.2, 0.2, 0.2], [1, 1, 1], 3)
def arm_reaching(lengths):
    angles = [0.3, 0.7, -0.4]
    point = np.zeros(2)
    total = 0.0
    for length, angle in zip(lengths, angles):
        total = total + angle
        point += length * np.array([np.cos(total), np.sin(total)])
    return np.sum((point - [1.0, 1.0]) ** 2)


@published([0.5, 0.5], [2, 2], 2)
def bose_sum(p):
    series = np.array([1 / (np.exp(p[0] * k) - p[1] / 10) for k in range(1, 8)])
    return np.log(series.sum()) + np.diff(series)[0]
