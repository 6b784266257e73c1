import { CONTAINER, isInferenceService, isTrainedModel, problemLine, type Container, type InferenceService, type KubeObject, type PodSpec, type TrainedModel } from 'cdk8s-kserve/api';
import { isMultiModel, render, type World } from 'cdk8s-kserve/render';

/** Whose model it is. */
export interface AccessOwner {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `predictor`, `transformer`, `explainer`; empty for a TrainedModel. */
  readonly component: string;
}

/** One source that a pod would fetch, with the container that fetches it. */
export interface WantedAccess {
  readonly owner: AccessOwner;
  readonly uri: string;
  readonly container: Container;
  readonly pod: PodSpec;
}

/** A resource that fetches nothing, and why; an error where it should. */
export interface NothingToTry {
  readonly owner: AccessOwner;
  readonly why: string;
  readonly isError: boolean;
}

/**
 * Every access that the services and models of a folder need, as render says.
 *
 * @param beside where else the service of a model may be.
 */
export function wantedAccess(objects: readonly KubeObject[], world: World, beside: readonly KubeObject[] = []): readonly (WantedAccess | NothingToTry)[] {
  const services = objects.filter(isInferenceService) as InferenceService[];
  const models = objects.filter(isTrainedModel) as TrainedModel[];
  return [...services.flatMap((service) => ofService(service, world)), ...models.flatMap((model) => ofModel(model, [...services, ...(beside.filter(isInferenceService) as InferenceService[])], world))];
}

function ofService(service: InferenceService, world: World): readonly (WantedAccess | NothingToTry)[] {
  const owner = ownerOf(service, '');
  const { children, problems, stopped } = render(service, world);
  const errors = problems.filter((p) => p.severity === 'error');
  if (errors.length > 0) return errors.map((p) => ({ owner, why: problemLine(p), isError: true }));
  if (stopped) return [{ owner, why: 'the service is stopped', isError: false }];
  if (isMultiModel(service.spec.predictor)) return [{ owner, why: 'its TrainedModels say what is fetched', isError: false }];
  const pods = children.flatMap((child) => podOf(child).map((pod) => ({ pod, component: child.metadata.labels?.['component'] ?? '' })));
  const found = pods.flatMap(({ pod, component }) => fetchesOf(pod, ownerOf(service, component)));
  // Canaries and worker nodes fetch what others do.
  const different = new Map(found.map((access) => [JSON.stringify([access.owner, access.uri, access.container.env, access.container.volumeMounts]), access]));
  return different.size > 0 ? [...different.values()] : [{ owner, why: mountedIn(pods.map(({ pod }) => pod)) ?? 'nothing is fetched', isError: false }];
}

/** A model of a server of several is fetched with the secrets of the server's account. */
function ofModel(model: TrainedModel, services: readonly InferenceService[], world: World): readonly (WantedAccess | NothingToTry)[] {
  const owner = ownerOf(model, '');
  const parent = services.find((s) => s.metadata.name === model.spec.inferenceService && namespaceOf(s) === owner.namespace);
  if (!parent) return [{ owner, why: `InferenceService "${model.spec.inferenceService}" is not in the folder; add it, or --world with it`, isError: true }];
  const { serviceAccountName } = parent.spec.predictor;
  const { annotations } = parent.metadata;
  const alike = {
    apiVersion: parent.apiVersion, kind: parent.kind,
    metadata: { name: model.metadata.name, namespace: owner.namespace, ...(annotations ? { annotations } : {}) },
    spec: { predictor: { ...(serviceAccountName ? { serviceAccountName } : {}), containers: [{ name: CONTAINER.server, image: 'model', env: [{ name: 'STORAGE_URI', value: model.spec.model.storageUri }] }] } },
  } as InferenceService;
  return ofService(alike, world).map((access) => ({ ...access, owner }));
}

function podOf(child: KubeObject): readonly PodSpec[] {
  const { spec } = child as { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };
  return spec?.template?.spec?.containers ? [spec.template.spec] : [];
}

function fetchesOf(pod: PodSpec, owner: AccessOwner): readonly WantedAccess[] {
  return (pod.initContainers ?? []).filter(({ name }) => name === CONTAINER.storageInitializer).flatMap((container) => {
    const addresses = (container.args ?? []).filter((arg) => !arg.startsWith('--')).filter((_arg, i) => i % 2 === 0);
    return addresses.map((uri) => ({ owner, uri, container, pod }));
  });
}

function mountedIn(pods: readonly PodSpec[]): string | undefined {
  const volumes = pods.flatMap(({ volumes = [] }) => volumes) as readonly { readonly persistentVolumeClaim?: { readonly claimName?: string }; readonly image?: { readonly reference?: string } }[];
  const claim = volumes.find((v) => v.persistentVolumeClaim)?.persistentVolumeClaim?.claimName;
  if (claim !== undefined) return `claim ${claim} is mounted`;
  const image = volumes.find((v) => v.image)?.image?.reference ?? pods.flatMap((p) => p.containers).find((c) => c.name === CONTAINER.modelcar)?.image;
  return image === undefined ? undefined : `the node pulls image ${image}`;
}

function ownerOf(object: KubeObject, component: string): AccessOwner {
  return { kind: object.kind, namespace: namespaceOf(object), name: object.metadata.name, component };
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? 'default';
}
