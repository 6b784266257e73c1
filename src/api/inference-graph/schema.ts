import { podFields, resourcesSchema } from '../k8s/pod-schema';
import { statusSchema } from '../k8s/status-schema';
import { bool, described, int, listOf, mapOf, obj, str } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import { componentFields } from '../inference-service/component-schema';
import { ROUTER_TYPES, type GraphNode, type GraphStep, type InferenceGraphSpec, type RouterTimeouts } from './types';

type Schemas<T> = Record<keyof T, StructuralSchema>;

const step = obj({
  name: str({ description: 'Name of the step, unique within its node.' }),
  nodeName: str({ description: 'Node of this graph that is called.' }),
  serviceName: str({ description: 'InferenceService of the same namespace that is called.' }),
  serviceUrl: str({ description: 'Address that is called.' }),
  data: str({ enum: ['$request', '$response'], description: 'What a Sequence passes to the step: the request of the node ($request, when absent) or the answer of the step before ($response).' }),
  weight: int({ minimum: 0, maximum: 100, description: 'Per cent of the requests of a Splitter.' }),
  condition: str({ description: 'GJSON path that must exist in the data for the step to be taken.' }),
  dependency: str({ enum: ['Soft', 'Hard'], description: 'Hard: when the step fails, so does the request. Soft, when absent: a Sequence goes on.' }),
  mapPredictionsToInstances: bool({ description: 'Turns predictions of the step before into instances.' }),
} satisfies Schemas<GraphStep>);

/** Bounds for the API server's estimate of what CEL rules cost. */
const MAX_STEPS = 64;
const MAX_NODES = 64;

const node = obj(
  {
    routerType: str({ enum: ROUTER_TYPES, description: 'Sequence: one step after the other. Splitter: one step by weight. Ensemble: all steps at once. Switch: the first step whose condition holds.' }),
    steps: listOf(step, { maxItems: MAX_STEPS, description: 'What the node calls; each step names one of nodeName, serviceName and serviceUrl.' }),
  } satisfies Schemas<GraphNode>,
  { required: ['routerType'] },
);

const seconds = (description: string): StructuralSchema => int({ minimum: 1, description });

/** Schema of an InferenceGraph's spec. */
export const inferenceGraphSpecSchema = obj(
  {
    nodes: mapOf(node, { maxProperties: MAX_NODES, description: 'Nodes by name; requests enter at root.' }),
    resources: described('Resources of the router. As pod.spec.containers.resources.', resourcesSchema),
    timeout: seconds('Seconds that a request may take, in serverless mode.'),
    routerTimeouts: obj(
      {
        serverRead: seconds('Seconds until a request is read.'),
        serverWrite: seconds('Seconds until an answer is written.'),
        serverIdle: seconds('Seconds that an idle connection is kept.'),
        serviceClient: seconds('Seconds that a step may take.'),
      } satisfies Schemas<RouterTimeouts>,
      { description: 'Times that the router waits at most.' },
    ),
    minReplicas: componentFields.minReplicas,
    maxReplicas: componentFields.maxReplicas,
    scaleTarget: componentFields.scaleTarget,
    scaleMetric: componentFields.scaleMetric,
    affinity: podFields.affinity,
    tolerations: podFields.tolerations,
    nodeSelector: podFields.nodeSelector,
    nodeName: podFields.nodeName,
    serviceAccountName: podFields.serviceAccountName,
  } satisfies Schemas<InferenceGraphSpec>,
  { required: ['nodes'], description: 'Several services behind one router.' },
);
export const inferenceGraphStatusSchema = statusSchema({ deploymentMode: str({ description: 'Mode that the router runs in.' }) });
