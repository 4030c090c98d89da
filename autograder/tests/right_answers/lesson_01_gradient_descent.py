"""Lesson 01, right answers of many hands."""

import itertools
import math

import numpy as np

# slope_along


def slope_loops(gradient, direction):
    total, square = 0.0, 0.0
    for g, u in zip(gradient, direction, strict=True):
        total += g * u
        square += u * u
    return total / math.sqrt(square)


def slope_of_the_unit_arrow(gradient, direction):
    unit = direction / np.linalg.norm(direction)
    return gradient @ unit


def slope_einsum(gradient, direction):
    return np.einsum("i,i->", gradient, direction) / np.einsum("i,i->", direction, direction) ** 0.5


def slope_by_the_angle(gradient, direction):
    """Length of the gradient times the cosine of the angle between the two."""
    cosine = np.dot(gradient, direction) / (np.linalg.norm(gradient) * np.linalg.norm(direction))
    return float(np.linalg.norm(gradient) * np.cos(np.arccos(cosine)))


def slope_float32(gradient, direction):
    g, u = np.float32(gradient), np.float32(direction)
    return np.sum(g * u) / np.sqrt(np.sum(u * u))


def slope_hypot(gradient, direction):
    return sum(np.asarray(gradient) * np.asarray(direction)).item() / math.hypot(*direction)


# descend, climb


def descend_preallocated(gradient, start, learning_rate, steps):
    positions = np.empty((steps + 1, *np.shape(start)))
    positions[0] = start
    for k in range(steps):
        positions[k + 1] = positions[k] - learning_rate * gradient(positions[k])
    return positions


def descend_copies(gradient, start, learning_rate, steps):
    w = np.array(start, dtype=float)
    path = [w.copy()]
    for _ in range(steps):
        w -= learning_rate * gradient(w)
        path.append(w.copy())
    return np.stack(path)


def descend_as_a_list(gradient, start, learning_rate, steps):
    path = [start]
    while len(path) <= steps:
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return path


def descend_tuples(gradient, start, learning_rate, steps):
    return tuple(np.asarray(w).tolist() for w in descend_as_a_list(gradient, start, learning_rate, steps))


def descend_recursive(gradient, start, learning_rate, steps):
    start = np.asarray(start, dtype=float)
    if steps == 0:
        return start[None]
    rest = descend_recursive(gradient, start - learning_rate * gradient(start), learning_rate, steps - 1)
    return np.concatenate([start[None], rest])


def descend_accumulate(gradient, start, learning_rate, steps):
    walk = itertools.accumulate(range(steps), lambda w, _: w - learning_rate * gradient(w), initial=start)
    return np.array(list(walk))


def descend_element_by_element(gradient, start, learning_rate, steps):
    if np.ndim(start) == 0:
        return descend_preallocated(gradient, start, learning_rate, steps)
    path = [[float(value) for value in start]]
    for _ in range(steps):
        slopes = gradient(np.array(path[-1]))
        path.append([path[-1][i] - learning_rate * slopes[i] for i in range(len(start))])
    return path


def descend_float32(gradient, start, learning_rate, steps):
    return descend_preallocated(gradient, np.float32(start), learning_rate, steps).astype(np.float32)


def climb_in_its_own_words(gradient, start, learning_rate, steps):
    w = np.array(start, dtype=float)
    path = [w]
    for _ in range(steps):
        w = w + learning_rate * gradient(w)
        path.append(w)
    return np.array(path)


def climb_by_the_other_slope(gradient, start, learning_rate, steps):
    return descend_copies(lambda w: -gradient(w), start, learning_rate, steps)


def climb_by_a_negative_rate(gradient, start, learning_rate, steps):
    return descend_tuples(gradient, start, -learning_rate, steps)


def climb_element_by_element(gradient, start, learning_rate, steps):
    return descend_element_by_element(gradient, start, -learning_rate, steps)


def climb_float32(gradient, start, learning_rate, steps):
    return descend_float32(gradient, start, -learning_rate, steps)


# position_after


def position_by_walking(curvature, start, learning_rate, steps):
    w = start
    for _ in range(steps):
        w = w - learning_rate * curvature * w
    return w


def position_by_descent(curvature, start, learning_rate, steps):
    return descend_preallocated(lambda w: curvature * w, start, learning_rate, steps)[-1]


def position_by_np_power(curvature, start, learning_rate, steps):
    return float(np.power(1 - curvature * learning_rate, steps)) * start


def position_by_sign_and_size(curvature, start, learning_rate, steps):
    factor = 1 - learning_rate * curvature
    sign = -1 if factor < 0 and steps % 2 else 1
    return sign * start * math.exp(steps * math.log(abs(factor)))


def position_float32(curvature, start, learning_rate, steps):
    one = np.float32(1)
    return np.float32(start) * (one - np.float32(learning_rate) * np.float32(curvature)) ** steps


# largest_stable_rate


def rate_two_over(curvature):
    return 2.0 / float(curvature)


def rate_power(curvature):
    return 2 * np.asarray(curvature) ** -1.0


def rate_float32(curvature):
    return np.float32(2) / np.float32(curvature)


def rate_by_bisection(curvature):
    low, high = 0.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if abs(1 - middle * curvature) < 1 else (low, middle)
    return low


# descend_until


def until_while(gradient, start, learning_rate, tolerance, max_steps):
    w, taken = np.array(start, dtype=float), 0
    while taken < max_steps and np.all(np.isfinite(w)) and not np.linalg.norm(gradient(w)) <= tolerance:
        w = w - learning_rate * gradient(w)
        taken += 1
    return w, taken, bool(np.linalg.norm(gradient(w)) <= tolerance)


def until_step_first(gradient, start, learning_rate, tolerance, max_steps):
    """Looks at the new position after each step; gives back the last finite one."""
    w = np.array(start, dtype=float)
    if math.sqrt(np.sum(np.square(gradient(w)))) <= tolerance:
        return w, 0, True
    for k in range(1, max_steps + 1):
        new = w - learning_rate * gradient(w)
        if not np.isfinite(new).all():
            return w, k - 1, False
        w = new
        if math.sqrt(np.sum(np.square(gradient(w)))) <= tolerance:
            return w, k, True
    return w, max_steps, False


def until_by_the_norm(gradient, start, learning_rate, tolerance, max_steps):
    """Gives up as soon as the norm is no finite number, and answers with a list."""
    w = np.array(start, dtype=float)
    for k in range(max_steps + 1):
        g = gradient(w)
        norm = np.sqrt(np.dot(np.ravel(g), np.ravel(g)))
        if norm <= tolerance:
            return [w.tolist(), k, True]
        if k == max_steps or not np.isfinite(norm):
            return [w.tolist(), k, False]
        w = w - learning_rate * g
    return None


def until_by_loops(gradient, start, learning_rate, tolerance, max_steps):
    w = [float(value) for value in np.atleast_1d(start)]
    taken, converged = 0, False
    while True:
        g = np.atleast_1d(gradient(np.array(w)))
        square = 0.0
        for value in g.tolist():
            square += value * value if abs(value) < 1e150 else math.inf
        if any(math.isnan(value) or math.isinf(value) for value in w):
            break
        if square <= tolerance**2:
            converged = True
            break
        if taken == max_steps:
            break
        w = [value - learning_rate * slope for value, slope in zip(w, g, strict=True)]
        taken += 1
    return (w if np.ndim(start) else w[0]), taken, int(converged)


def until_float32(gradient, start, learning_rate, tolerance, max_steps):
    w, k, done = until_while(gradient, np.float32(start), learning_rate, tolerance, max_steps)
    return np.float32(w), k, done


# random_search


def search_loop(loss, low, high, tries, rng):
    best_w, best_loss = None, math.inf
    for _ in range(tries):
        w = rng.uniform(low, high)
        if loss(w) < best_loss:
            best_w, best_loss = w, loss(w)
    return best_w, best_loss


def search_stretched(loss, low, high, tries, rng):
    w = low + (high - low) * rng.random(tries)
    losses = loss(w)
    return w[losses.argmin()], losses.min()


def search_sorted(loss, low, high, tries, rng):
    pairs = [(w, loss(w)) for w in rng.uniform(low, high, size=tries).tolist()]
    return sorted(pairs, key=lambda pair: pair[1])[0]


def search_min(loss, low, high, tries, rng):
    w = min((rng.uniform(low, high) for _ in range(tries)), key=loss)
    return [float(w), float(loss(w))]


def search_column(loss, low, high, tries, rng):
    w = rng.uniform(low, high, (tries, 1))
    k = np.argmin(loss(w)[:, 0])
    return w[k], loss(w)[k]


def search_float32(loss, low, high, tries, rng):
    w = np.float32(low) + np.float32(high - low) * rng.random(tries, dtype=np.float32)
    k = np.argmin(loss(w))
    return w[k], np.float32(loss(w)[k])


def search_backwards(loss, low, high, tries, rng):
    """Other numbers from the generator, and an array for an answer."""
    w = high - rng.random((3, tries))[1] * (high - low)
    return np.array(min(zip(loss(w), w, strict=True)))[::-1]


RIGHT = {
    "slope_along": [
        slope_loops,
        slope_of_the_unit_arrow,
        slope_einsum,
        slope_by_the_angle,
        slope_float32,
        slope_hypot,
    ],
    "descend": [
        descend_preallocated,
        descend_copies,
        descend_as_a_list,
        descend_tuples,
        descend_recursive,
        descend_accumulate,
        descend_element_by_element,
        descend_float32,
    ],
    "climb": [
        climb_in_its_own_words,
        climb_by_the_other_slope,
        climb_by_a_negative_rate,
        climb_element_by_element,
        climb_float32,
    ],
    "position_after": [
        position_by_walking,
        position_by_descent,
        position_by_np_power,
        position_by_sign_and_size,
        position_float32,
    ],
    "largest_stable_rate": [rate_two_over, rate_power, rate_float32, rate_by_bisection],
    "descend_until": [until_while, until_step_first, until_by_the_norm, until_by_loops, until_float32],
    "random_search": [
        search_loop,
        search_stretched,
        search_sorted,
        search_min,
        search_column,
        search_float32,
        search_backwards,
    ],
}
