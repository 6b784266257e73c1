import { dirname } from 'node:path';
import type { FormatDetails } from '../../inspect/format-details';
import type { ModelHead } from '../../model/model';
import { checkExternalData } from './external-data';
import { graphInputs, graphOutputs } from './graph-values';
import { assertKnownOperators, operatorName } from './operators';
import { readOnnxGraph } from './read-model';

/** What an ONNX file says of itself. */
export function onnxDetails(bytes: Buffer, file: string): FormatDetails {
  const graph = readOnnxGraph(bytes, file);
  const operators = [...graph.operators].sort((a, b) => b.nodes - a.nodes);
  const classes = graph.zipMaps[0]?.classes;
  return {
    writtenBy: graph.producer === '' ? {} : { [graph.producer]: graph.producerVersion },
    ...(classes && classes.length > 0 ? { classes } : {}),
    graph: {
      name: graph.name,
      opsets: Object.fromEntries([...graph.opsets].map(([domain, version]) => [domain === '' ? 'ai.onnx' : domain, version])),
      operators: Object.fromEntries(operators.map((operator) => [operatorName(operator), operator.nodes])),
      externalFiles: [...new Set(graph.external.map(({ location }) => location))],
    },
  };
}

/** Everything that is checked before ONNX Runtime gets the file, and no more. */
export async function checkOnnx(bytes: Buffer, file: string, path = file): Promise<ModelHead> {
  const graph = readOnnxGraph(bytes, file);
  assertKnownOperators(graph, file);
  const [inputs, outputs] = [graphInputs(graph, file), graphOutputs(graph, file)];
  await checkExternalData(graph, dirname(path), file);
  return { estimator: graph.name === '' ? file : graph.name, platform: 'onnx_onnxv1', inputs, outputs };
}
