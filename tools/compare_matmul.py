"""Times OpenBLAS's product of two matrices: the other side of compare-matmul.sh. Prints the best GFLOP/s and the result's mean square.

The library is called directly, so that it is known which one answers; OPENBLAS_NUM_THREADS sets the threads.
"""
import ctypes
import sys
import time

import numpy

SIZE = 1024
ROW_MAJOR, NO_TRANSPOSE = 101, 111


def pattern(factor):
    i = numpy.arange(SIZE * SIZE, dtype=numpy.int64)
    return (i * i * factor % 1009).astype(numpy.float32) / numpy.float32(1009) - numpy.float32(0.5)


def pointer(values):
    return values.ctypes.data_as(ctypes.c_void_p)


library = ctypes.CDLL(sys.argv[1])
multiply = library.cblas_sgemm
multiply.restype = None
a, b, c = pattern(7), pattern(11), pattern(1)
one, zero, size = ctypes.c_float(1), ctypes.c_float(0), ctypes.c_int(SIZE)
arguments = (ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, size, size, size, one, pointer(a), size, pointer(b), size, zero, pointer(c), size)
multiply(*arguments)
best = float("inf")
begin = time.perf_counter()
while time.perf_counter() - begin < 2:
    start = time.perf_counter()
    multiply(*arguments)
    best = min(best, time.perf_counter() - start)
print(f"{2e-9 * SIZE ** 3 / best:.2f} {numpy.mean(c.astype(numpy.float64) ** 2):.4f}")
