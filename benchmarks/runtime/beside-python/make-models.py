"""Writes the models that all servers serve: the iris SVC, a forest of 100 trees, and 100 rounds of XGBoost and of LightGBM, and one that
always says the same."""

import sys
from pathlib import Path

import joblib
import lightgbm as lgb
import xgboost as xgb
from sklearn.datasets import load_iris
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.svm import SVC

X, y = load_iris(return_X_y=True)


def folder(name):
    path = Path(sys.argv[1]) / name
    path.mkdir(parents=True)
    return path


joblib.dump(DummyClassifier(strategy="constant", constant=1).fit(X, y), folder("constant") / "model.joblib")
joblib.dump(SVC().fit(X, y), folder("svc") / "model.joblib")
joblib.dump(RandomForestClassifier(n_estimators=100, random_state=0).fit(X, y), folder("forest") / "model.joblib")
xgb.train({"objective": "multi:softprob", "num_class": 3, "max_depth": 6, "nthread": 1}, xgb.DMatrix(X, y), 100).save_model(folder("xgboost") / "model.ubj")
lgb.train({"objective": "multiclass", "num_class": 3, "verbose": -1, "num_threads": 1}, lgb.Dataset(X, y), 100).save_model(folder("lightgbm") / "model.bst")
