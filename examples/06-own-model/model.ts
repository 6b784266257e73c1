import type { CustomContext, CustomModel, Payload, Result } from 'cdk8s-kserve-runtime';

/** The order in which the model was fitted. */
const COLUMNS = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];
const SPECIES = ['setosa', 'versicolor', 'virginica'];

/** Stands before the iris model: takes flowers with named measures, in centimetres or millimetres, and answers with species. */
export class Model implements CustomModel {
  preprocess(payload: Payload, { headers }: CustomContext): Payload {
    if (!('instances' in payload)) return payload;
    const scale = headers['x-unit'] === 'mm' ? 0.1 : 1;
    const flowers = payload.instances as Record<string, number>[];
    return { instances: flowers.map((flower) => COLUMNS.map((column) => (flower[column] ?? 0) * scale)) };
  }

  postprocess(result: Result): Result {
    if (!('predictions' in result)) return result;
    return { predictions: result.predictions.map((index) => ({ species: SPECIES[index as number] })) };
  }
}
