import { join } from 'node:path';
import { loadModel } from '../../src/index';
import { tabular } from '../../src/model/tabular';
import { ask } from '../support/http';
import { serveModel } from '../support/served';
import { SKLEARN_FIXTURES, recordedAnswers } from '../support/sklearn-fixtures';

test.each(['svc-rbf.joblib', 'svc-object-labels.joblib', 'forest.joblib', 'forest-smallest.joblib', 'tree-missing.joblib'])(
  '%s answers over V1 and V2 as scikit-learn did',
  async (file) => {
    const recorded = recordedAnswers(file);
    const { port } = await serveModel(tabular(await loadModel(join(SKLEARN_FIXTURES, file))));
    // JSON has no NaN; the protocols say null.
    const rows = recorded.inputs.map((row) => row.map((value) => (value === 'nan' ? null : value)));
    const v1 = await ask(port, '/v1/models/sk:predict', { body: JSON.stringify({ instances: rows }) });
    expect(v1.json()).toEqual({ predictions: recorded.predict });
    const shape = [rows.length, rows[0]?.length];
    const v2 = await ask(port, '/v2/models/sk/infer', { body: JSON.stringify({ inputs: [{ name: 'input-0', shape, datatype: 'FP64', data: rows }] }) });
    expect(v2.json()).toMatchObject({ outputs: [{ name: 'output-0', shape: [rows.length], data: recorded.predict }] });
  },
);
