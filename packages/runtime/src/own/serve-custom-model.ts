import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { RequestMetrics } from '../metrics/request-metrics';
import { type ServedModel, createServedModel } from '../server/served-model';
import { type CustomModel, isCustomModel } from './custom-model';
import { customPipeline } from './custom-pipeline';
import { type PredictorOptions, createPredictor } from './predictor';

/**
 * Loads a model of your own and makes it one that is served.
 *
 * @throws IsvcError ISVC_SERVER_OWN_MODEL for something that is no model, or whose `load()` fails.
 */
export async function serveCustomModel(name: string, model: CustomModel, predictor?: PredictorOptions): Promise<ServedModel> {
  if (!isCustomModel(model)) throw new IsvcError('ISVC_SERVER_OWN_MODEL', `"${name}" is no model: it has none of preprocess, predict, postprocess and explain`);
  try {
    await model.load?.();
  } catch (error) {
    if (error instanceof IsvcError) throw error;
    throw new IsvcError('ISVC_SERVER_OWN_MODEL', `load() of "${name}" failed: ${messageOf(error)}`, { cause: error });
  }
  const metrics = new RequestMetrics();
  const behind = predictor && { predictor: createPredictor(name, predictor), healthCheck: predictor.healthCheck ?? false };
  return { ...createServedModel(name, customPipeline(model, { name, metrics, ...behind })), metrics };
}
