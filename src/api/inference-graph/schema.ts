import { podFields, resourcesSchema } from '../k8s/pod-schema';
import { anyObj, bool, int, listOf, mapOf, obj, str } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import { SCALE_METRICS } from '../inference-service/types';
import { ROUTER_TYPES, type GraphNode, type GraphStep, type InferenceGraphSpec, type RouterTimeouts } from './types';

type Schemas<T> = Record<keyof T, StructuralSchema>;

const step = obj({
  name: str(),
  nodeName: str(),
  serviceName: str(),
  serviceUrl: str(),
  data: str({ enum: ['$request', '$response'] }),
  weight: int({ minimum: 0, maximum: 100 }),
  condition: str(),
  dependency: str({ enum: ['Soft', 'Hard'] }),
  mapPredictionsToInstances: bool(),
} satisfies Schemas<GraphStep>);

/** Bounds for the API server's estimate of what CEL rules cost. */
const MAX_STEPS = 64;
const MAX_NODES = 64;

const node = obj({ routerType: str({ enum: ROUTER_TYPES }), steps: listOf(step, { maxItems: MAX_STEPS }) } satisfies Schemas<GraphNode>, { required: ['routerType'] });

const seconds = int({ minimum: 1 });

/** Schema of an InferenceGraph's spec. */
export const inferenceGraphSpecSchema = obj(
  {
    nodes: mapOf(node, { maxProperties: MAX_NODES }),
    resources: resourcesSchema,
    timeout: seconds,
    routerTimeouts: obj({ serverRead: seconds, serverWrite: seconds, serverIdle: seconds, serviceClient: seconds } satisfies Schemas<RouterTimeouts>),
    minReplicas: int({ minimum: 0 }),
    maxReplicas: int({ minimum: 0 }),
    scaleTarget: int({ minimum: 1 }),
    scaleMetric: str({ enum: SCALE_METRICS }),
    affinity: podFields.affinity,
    tolerations: podFields.tolerations,
    nodeSelector: podFields.nodeSelector,
    nodeName: podFields.nodeName,
    serviceAccountName: podFields.serviceAccountName,
  } satisfies Schemas<InferenceGraphSpec>,
  { required: ['nodes'] },
);
export const inferenceGraphStatusSchema = anyObj();
