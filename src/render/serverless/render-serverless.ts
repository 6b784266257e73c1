import { LABEL, TerminalError, type InferenceService } from '../../api';
import { componentMetadata } from '../metadata';
import { predictorName, serviceHost } from '../names';
import type { PredictorPod } from '../pod/predictor-pod';
import type { Rendered } from '../raw/render-raw';
import type { Decision, World } from '../types';
import { renderKnativeService } from './knative-service';

/** Children of a service in serverless mode: one Knative Service a component; Knative does the rest. */
export function renderServerless(service: InferenceService, built: PredictorPod, world: World): Rendered {
  const { predictor } = service.spec;
  if (world.apis && !world.apis.has('serving.knative.dev/v1')) {
    throw new TerminalError('ISVC_RENDER_MISSING_API', 'the cluster does not serve serving.knative.dev/v1, which serverless mode needs', { hint: 'install Knative Serving, or set annotation serving.kserve.io/deploymentMode: RawDeployment' });
  }
  const namespace = service.metadata.namespace ?? 'default';
  const name = predictorName(service.metadata.name, predictor);
  const metadata = componentMetadata(service, 'predictor', predictor, built.runtime, 'Knative', world.config);
  const { urlScheme, ingressDomain } = world.config.ingress;
  const local = [LABEL.rawVisibility, LABEL.knativeVisibility].some((l) => service.metadata.labels?.[l] === 'cluster-local');
  const address = `http://${serviceHost(name, namespace)}`;
  const url = local ? address : `${urlScheme}://${name}.${namespace}.${ingressDomain}`;
  return {
    children: [renderKnativeService(name, namespace, metadata, built.pod, predictor, world.config)],
    decisions: [
      autoscalingDecision(predictor.minReplicas ?? 1, predictor.maxReplicas ?? 0),
      { topic: 'route', choice: `host ${new URL(url).host}`, because: local ? 'the service is cluster-local' : "Knative's own host of the component, since no mesh route is rendered" },
    ],
    endpoints: { url, address, components: { predictor: { objectName: name, url } } },
  };
}

function autoscalingDecision(min: number, max: number): Decision {
  const limit = max === 0 ? 'without an upper limit' : `up to ${max}`;
  return {
    topic: 'autoscaling',
    choice: `Knative from ${min} replicas ${limit}`,
    because: min === 0 ? 'minReplicas 0 allows scale to zero' : 'minReplicas keeps the service warm',
  };
}
