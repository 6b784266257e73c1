import { toFloat64 } from '../../numpy/elements';
import { readClassLabels } from '../class-labels';
import { type Classifier, FINITE, type RowNumbers, type Transform } from '../estimator';
import type { FittedState } from '../fitted-state';
import { affineScores, readAffine } from '../linear/affine';
import { classifierFromScores } from '../scores/classifier-from-scores';
import { binarySigmoid, softmax } from '../scores/links';

/** `LinearDiscriminantAnalysis`; it transforms as well, unless it was solved by least squares. */
export function buildLinearDiscriminant(state: FittedState): Classifier {
  const labels = readClassLabels(state);
  const affine = readAffine(state);
  const classifier = classifierFromScores(state, affine.features, {
    labels, scores: affineScores(affine, affine.outputs === 1), input: FINITE, link: labels.count === 2 ? binarySigmoid : softmax,
  });
  return state.text('solver') === 'lsqr' ? classifier : { ...classifier, transform: discriminantAxes(state, affine.features) };
}

function discriminantAxes(state: FittedState, features: number): Transform {
  const { rows: height, columns: width, values: axes } = state.matrix('scalings_');
  const columns = Math.min(width, state.integer('_max_components', 0, features));
  const center = state.text('solver') === 'svd' ? state.vector('xbar_', features) : new Float64Array(features);
  if (height !== features) throw state.corrupt('scalings_ does not go with the features');
  return {
    columns,
    apply({ rows, data }) {
      const out = new Float64Array(rows * columns);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let feature = 0; feature < features; feature++) {
            sum += ((data[row * features + feature] as number) - (center[feature] as number)) * (axes[feature * width + column] as number);
          }
          out[row * columns + column] = sum;
        }
      }
      return { rows, columns, data: out };
    },
  };
}

/** `QuadraticDiscriminantAnalysis`: a covariance of its own for each class. */
export function buildQuadraticDiscriminant(state: FittedState): Classifier {
  const labels = readClassLabels(state);
  const { columns: features } = state.matrix('means_');
  const means = state.floats('means_', [labels.count, features]);
  const priors = state.vector('priors_', labels.count);
  const classes = readRotations(state, labels.count, features);
  const scores = new Float64Array(labels.count);
  const binary = labels.count === 2;
  const decision: RowNumbers = {
    columns: binary ? 1 : labels.count,
    flat: binary,
    fill({ rows, data }, out) {
      for (let row = 0; row < rows; row++) {
        classes.forEach(({ axes, width, logVolume }, label) => {
          let norm = 0;
          for (let axis = 0; axis < width; axis++) {
            let sum = 0;
            for (let feature = 0; feature < features; feature++) {
              sum += ((data[row * features + feature] as number) - (means[label * features + feature] as number)) * (axes[feature * width + axis] as number);
            }
            norm += sum * sum;
          }
          scores[label] = -0.5 * (norm + logVolume) + Math.log(priors[label] as number);
        });
        if (binary) out[row] = (scores[1] as number) - (scores[0] as number);
        else out.set(scores, row * labels.count);
      }
    },
  };
  return classifierFromScores(state, state.features(features), { labels, scores: decision, input: FINITE, link: binary ? binarySigmoid : softmax });
}

interface Rotation {
  /** `features * width` numbers: rotations divided by the deviation along each axis. */
  readonly axes: Float64Array;
  readonly width: number;
  readonly logVolume: number;
}

function readRotations(state: FittedState, classes: number, features: number): readonly Rotation[] {
  const rotations = state.list('rotations_');
  const scalings = state.list('scalings_');
  if (rotations.length !== classes || scalings.length !== classes) throw state.corrupt('rotations_ and scalings_ must have one entry for each class');
  return rotations.map((value, label) => {
    const array = state.decode(value, 'rotations_');
    const rotation = toFloat64(array);
    const scaling = toFloat64(state.decode(scalings[label], 'scalings_'));
    const width = array.shape[1] ?? 0;
    if (!rotation || array.shape.length !== 2 || array.shape[0] !== features || scaling?.length !== width) throw state.corrupt('rotations_ and scalings_ do not fit each other');
    return { axes: rotation.map((cell, index) => cell * (scaling[index % width] as number) ** -0.5), width, logVolume: scaling.reduce((sum, scale) => sum + Math.log(scale), 0) };
  });
}
