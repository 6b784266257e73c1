import type { Chart } from 'cdk8s';
import { InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris/v3' },
    explainer: { art: { type: 'SquareAttack', storageUri: 's3://models/explainer', config: { nb_classes: '10', norm: '2' }, args: ['--verbose'] } },
  });
}
