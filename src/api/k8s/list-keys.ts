import { isJsonObject } from '../schema/json-value';

/** Fields that tell the elements of a list apart, as Kubernetes' own merge rules name them. */
const LIST_KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  containers: [['name']],
  initContainers: [['name']],
  ephemeralContainers: [['name']],
  volumes: [['name']],
  env: [['name']],
  imagePullSecrets: [['name']],
  // The ports of a container and of a Service have the same field name and different keys.
  ports: [['containerPort', 'protocol'], ['port', 'protocol']],
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  hostAliases: [['ip']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  resourceClaims: [['name']],
  conditions: [['type']],
  ownerReferences: [['uid']],
};

/** What the API server fills in when an element leaves a key out. */
const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' };

type Fields = Readonly<Record<string, unknown>>;

/** The element of `live` with the same keys as `wanted`. */
export function findByKeys(keys: readonly string[], wanted: Fields, live: readonly unknown[]): unknown {
  return live.find((candidate) => isJsonObject(candidate) && keys.every((key) => keyValue(wanted, key) === keyValue(candidate, key)));
}

/** The keys of a list field, or undefined when its elements are told apart by position only. */
export function keysOf(field: string, elements: readonly unknown[]): readonly string[] | undefined {
  return LIST_KEYS[field]?.find((keys) =>
    elements.every((element) => isJsonObject(element) && keys.every((key) => isKey(keyValue(element, key)))),
  );
}

/** `[name=server]`, for messages. */
export function keyLabel(keys: readonly string[], element: Fields): string {
  return `[${keys.map((key) => `${key}=${String(keyValue(element, key))}`).join(',')}]`;
}

/** Elements are told apart by plain values; anything else would not even equal itself. */
function isKey(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function keyValue(element: Fields, key: string): unknown {
  return element[key] ?? KEY_DEFAULTS[key];
}
