"""Where the server is, and rows of the iris data with what the models say of them; see scripts/test-clients.mjs."""

import os

import numpy as np

HTTP = f"127.0.0.1:{os.environ['ISVC_HTTP']}"
GRPC = f"127.0.0.1:{os.environ['ISVC_GRPC']}"
ROWS = np.array([[5.1, 3.5, 1.4, 0.2], [6.8, 2.8, 4.8, 1.4], [6.3, 3.3, 6.0, 2.5]])
LABELS = [0, 1, 2]
SPECIES = ["setosa", "versicolor", "virginica"]


def columns_of(names):
    """Columns of ROWS by the names of the species model, which leaves one out."""
    known = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    return [known.index(spec["name"]) for spec in names]
