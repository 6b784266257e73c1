"""Writes the two models that all servers serve: the iris SVC and a forest of 100 trees."""

import sys
from pathlib import Path

import joblib
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.svm import SVC

X, y = load_iris(return_X_y=True)
for name, model in {"svc": SVC(), "forest": RandomForestClassifier(n_estimators=100, random_state=0)}.items():
    folder = Path(sys.argv[1]) / name
    folder.mkdir(parents=True)
    joblib.dump(model.fit(X, y), folder / "model.joblib")
