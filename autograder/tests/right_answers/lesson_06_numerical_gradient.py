"""Lesson 06, right answers of many hands."""

import numpy as np

# forward_difference


def forward_in_steps(f, x, h):
    here = f(x)
    there = f(x + h)
    rise = there - here
    return rise / h


def forward_as_float(f, x, h):
    return float((f(x + h) - f(x)) / h)


def forward_float32(f, x, h):
    return np.float32((f(x + h) - f(x)) / h)


def forward_of_an_array(f, x, h):
    values = [f(place) for place in (x, x + h)]
    return np.diff(values)[0] / h


def forward_any_shape(f, x, h):
    """Written like a gradient: a number is an array without axes."""
    x = np.array(x, dtype=float)
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        moved = x.copy()
        moved[k] += h
        slopes[k] = (f(moved) - f(x)) / h
    return slopes


# numerical_gradient


def gradient_nditer(f, x, h):
    x = x.astype(float)
    slopes = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=[["readwrite"]])
    while not it.finished:
        k = it.multi_index
        before = x[k]
        x[k] = before + h
        above = f(x)
        x[k] = before - h
        below = f(x)
        slopes[k] = (above - below) / (2 * h)
        x[k] = before
        it.iternext()
    return slopes


def gradient_flat(f, x, h):
    flat = np.asarray(x, dtype=float).ravel().copy()
    slopes = []
    for k in range(flat.size):
        moved = flat.copy()
        moved[k] += h
        above = f(moved.reshape(x.shape))
        moved[k] -= 2 * h
        slopes.append((above - f(moved.reshape(x.shape))) / (2 * h))
    return np.array(slopes).reshape(x.shape)


def gradient_unit_vectors(f, x, h):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([f(x + step) - f(x - step) for step in steps]).reshape(x.shape) / (2 * h)


def gradient_recursive_lists(f, x, h):
    """Row by row, lists out."""

    def slopes(index):
        if len(index) == x.ndim:
            step = np.zeros(x.shape)
            step[index] = h
            return float((f(x + step) - f(x - step)) / (2 * h))
        return [slopes((*index, k)) for k in range(x.shape[len(index)])]

    return slopes(())


def gradient_in_place_and_back(f, x, h):
    """Floats are moved in the caller's own array and put back; integers in a copy."""
    work = x if x.dtype.kind == "f" else x.astype(float)
    slopes = np.empty(work.shape)
    for k, before in np.ndenumerate(work.copy()):
        work[k] = before + h
        slopes[k] = f(work)
        work[k] = before - h
        slopes[k] -= f(work)
        work[k] = before
    return slopes / (2 * h)


def gradient_mean_of_two_sides(f, x, h):
    x = np.array(x, float)
    here, slopes = f(x), np.zeros(x.shape)
    for k in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = ((f(x + step) - here) / h + (here - f(x - step)) / h) / 2
    return slopes


def gradient_float32(f, x, h):
    return gradient_flat(f, x, h).astype(np.float32)


# loss_evaluations


def evaluations_doubled(parameters, samples):
    per_sample = parameters + parameters
    return per_sample * samples


def evaluations_float(parameters, samples):
    return float(samples) * 2.0 * parameters


def evaluations_product(parameters, samples):
    return np.prod([2, parameters, samples])


def evaluations_counted(parameters, samples):
    total = 0
    for _ in range(samples):
        total += len(range(parameters)) * 2
    return total


# relative_error


def relative_loops(a, b):
    if np.ndim(a) > 0:
        return np.array([relative_loops(p, q) for p, q in zip(a, b, strict=True)])
    size = max(abs(a), abs(b))
    return 0.0 if size == 0 else abs(a - b) / size


def relative_tiny(a, b):
    return np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8)


def relative_largest_of_three(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return abs(a - b) / np.max([abs(a), abs(b), np.full(a.shape, 1e-12)], axis=0)


def relative_masked(a, b):
    error = np.array(np.abs(np.subtract(a, b)))
    size = np.where(np.abs(a) > np.abs(b), np.abs(a), np.abs(b))
    error[size > 0] /= size[size > 0]
    return error


def relative_divide_where(a, b):
    size = np.fmax(np.abs(a), np.abs(b))
    return np.divide(np.abs(a - b), size, out=np.zeros(np.shape(a)), where=size != 0)


def relative_nan_to_num(a, b):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(np.abs(np.subtract(a, b)) / np.maximum(np.abs(a), np.abs(b)))


def relative_lists(a, b):
    return np.asarray(relative_tiny(np.asarray(a), np.asarray(b))).tolist()


def relative_float32(a, b):
    a, b = np.float32(a), np.float32(b)
    return abs(a - b) / np.maximum(np.maximum(abs(a), abs(b)), np.float32(1e-12))


# gradient_check


def check_unravelled(f, gradient, x, h, tolerance):
    errors = relative_tiny(np.asarray(gradient(x)), gradient_flat(f, x, h))
    position = errors.argmax()
    return errors.max() <= tolerance, np.unravel_index(position, errors.shape), errors.max()


def check_loops(f, gradient, x, h, tolerance):
    claimed, measured = gradient(x), gradient_nditer(f, x, h)
    worst, where = -1.0, None
    for k in np.ndindex(x.shape):
        size = max(abs(claimed[k]), abs(measured[k]))
        error = abs(claimed[k] - measured[k]) / size if size else 0.0
        if error > worst:
            worst, where = error, k
    return worst <= tolerance, where, worst


def check_lists(f, gradient, x, h, tolerance):
    errors = relative_masked(gradient(x), gradient_unit_vectors(f, x, h))
    where = np.argwhere(errors == np.max(errors))[0].tolist()
    return [bool(np.all(errors <= tolerance)), where, float(np.max(errors))]


def check_sorted(f, gradient, x, h, tolerance):
    errors = relative_divide_where(np.array(gradient(x)), gradient_in_place_and_back(f, x, h))
    worst, where = max((float(error), k) for k, error in np.ndenumerate(errors))
    return not worst > tolerance, np.array(where), worst


def check_float32(f, gradient, x, h, tolerance):
    ok, where, worst = check_loops(f, gradient, x, h, tolerance)
    return np.bool_(ok), where, np.float32(worst)


# complex_step


def complex_nditer(f, x, h):
    z = x.astype(complex)
    slopes = np.zeros(x.shape)
    for k, before in np.ndenumerate(x):
        z[k] += 1j * h
        slopes[k] = f(z).imag / h
        z[k] = before
    return slopes


def complex_unit_vectors(f, x, h):
    steps = 1j * h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.imag([f(x + step) for step in steps]).reshape(x.shape) / h


def complex_flat_lists(f, x, h):
    flat = [complex(value) for value in x.ravel()]
    slopes = []
    for k in range(len(flat)):
        moved = list(flat)
        moved[k] = complex(flat[k].real, h)
        slopes.append(f(np.array(moved).reshape(x.shape)).imag / h)
    return np.reshape(slopes, x.shape).tolist()


def complex_there_and_back(f, x, h):
    """Half the difference to the step the other way: the same number for a real function."""
    slopes = np.empty(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = ((f(x + 1j * step) - f(x - 1j * step)) / (2j * h)).real
    return slopes


def complex_float32(f, x, h):
    return np.float32(complex_unit_vectors(f, x, h))


RIGHT = {
    "forward_difference": [
        forward_in_steps,
        forward_as_float,
        forward_float32,
        forward_of_an_array,
        forward_any_shape,
    ],
    "numerical_gradient": [
        gradient_nditer,
        gradient_flat,
        gradient_unit_vectors,
        gradient_recursive_lists,
        gradient_in_place_and_back,
        gradient_mean_of_two_sides,
        gradient_float32,
    ],
    "loss_evaluations": [
        evaluations_doubled,
        evaluations_float,
        evaluations_product,
        evaluations_counted,
    ],
    "relative_error": [
        relative_loops,
        relative_tiny,
        relative_largest_of_three,
        relative_masked,
        relative_divide_where,
        relative_nan_to_num,
        relative_lists,
        relative_float32,
    ],
    "gradient_check": [check_unravelled, check_loops, check_lists, check_sorted, check_float32],
    "complex_step": [
        complex_nditer,
        complex_unit_vectors,
        complex_flat_lists,
        complex_there_and_back,
        complex_float32,
    ],
}
