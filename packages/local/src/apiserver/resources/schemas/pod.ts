import { METADATA_SCHEMA } from '../metadata-schema';
import { anyObject, atomic, bool, conditions, int, keyed, labelSelector, list, localReference, mapOf, object, oneOf, quantity, text, textMap, withDefault } from './build';
import { container, downwardFieldRef, resourceFieldRef, resourceRequirements } from './container';

const keyToPath = list(object({ key: text, path: text, mode: int }, ['key', 'path']));
const downwardItems = list(object({ path: text, fieldRef: downwardFieldRef, resourceFieldRef, mode: int }, ['path']));

const projectedSource = object({
  configMap: object({ name: text, items: keyToPath, optional: bool }),
  secret: object({ name: text, items: keyToPath, optional: bool }),
  downwardAPI: object({ items: downwardItems }),
  serviceAccountToken: object({ audience: text, expirationSeconds: withDefault(int, 3600), path: text }, ['path']),
  clusterTrustBundle: anyObject,
  podCertificate: anyObject,
});

const volume = object({
  name: text,
  emptyDir: object({ medium: text, sizeLimit: quantity }),
  hostPath: object({ path: text, type: withDefault(text, '') }, ['path']),
  configMap: object({ name: text, items: keyToPath, optional: bool, defaultMode: withDefault(int, 420) }),
  secret: object({ secretName: text, items: keyToPath, optional: bool, defaultMode: withDefault(int, 420) }),
  downwardAPI: object({ items: downwardItems, defaultMode: withDefault(int, 420) }),
  projected: object({ sources: list(projectedSource), defaultMode: withDefault(int, 420) }),
  persistentVolumeClaim: object({ claimName: text, readOnly: bool }, ['claimName']),
  csi: object({ driver: text, fsType: text, nodePublishSecretRef: localReference, readOnly: bool, volumeAttributes: textMap }, ['driver']),
  image: object({ reference: text, pullPolicy: text }),
  nfs: object({ server: text, path: text, readOnly: bool }, ['server', 'path']),
  ephemeral: anyObject,
  ...Object.fromEntries([
    'awsElasticBlockStore', 'azureDisk', 'azureFile', 'cephfs', 'cinder', 'fc', 'flexVolume', 'flocker', 'gcePersistentDisk', 'gitRepo', 'glusterfs', 'iscsi',
    'photonPersistentDisk', 'portworxVolume', 'quobyte', 'rbd', 'scaleIO', 'storageos', 'vsphereVolume',
  ].map((name) => [name, anyObject])),
}, ['name']);

export const podSpec = object({
  activeDeadlineSeconds: int,
  affinity: anyObject,
  automountServiceAccountToken: bool,
  containers: { ...keyed(container, 'name'), minItems: 1 },
  dnsConfig: anyObject,
  dnsPolicy: withDefault(text, 'ClusterFirst'),
  enableServiceLinks: bool,
  ephemeralContainers: keyed(container, 'name'),
  hostAliases: keyed(object({ ip: text, hostnames: list(text) }, ['ip']), 'ip'),
  hostIPC: bool,
  hostNetwork: bool,
  hostPID: bool,
  hostUsers: bool,
  hostname: text,
  hostnameOverride: text,
  imagePullSecrets: keyed(localReference, 'name'),
  initContainers: keyed(container, 'name'),
  nodeName: text,
  nodeSelector: atomic(textMap),
  os: object({ name: text }),
  overhead: mapOf(quantity),
  preemptionPolicy: text,
  priority: int,
  priorityClassName: text,
  readinessGates: list(object({ conditionType: text }, ['conditionType'])),
  resourceClaims: keyed(object({ name: text, resourceClaimName: text, resourceClaimTemplateName: text }, ['name']), 'name'),
  resources: resourceRequirements,
  restartPolicy: withDefault(oneOf('Always', 'OnFailure', 'Never'), 'Always'),
  runtimeClassName: text,
  schedulerName: withDefault(text, 'default-scheduler'),
  schedulingGates: keyed(object({ name: text }, ['name']), 'name'),
  securityContext: withDefault(anyObject, {}),
  serviceAccount: text,
  serviceAccountName: text,
  setHostnameAsFQDN: bool,
  shareProcessNamespace: bool,
  subdomain: text,
  terminationGracePeriodSeconds: withDefault(int, 30),
  tolerations: list(object({ effect: text, key: text, operator: text, tolerationSeconds: int, value: text })),
  topologySpreadConstraints: keyed(object({
    labelSelector, matchLabelKeys: list(text), maxSkew: int, minDomains: int, nodeAffinityPolicy: text, nodeTaintsPolicy: text, topologyKey: text, whenUnsatisfiable: text,
  }, ['maxSkew', 'topologyKey', 'whenUnsatisfiable']), 'topologyKey', 'whenUnsatisfiable'),
  volumes: keyed(volume, 'name'),
  workloadRef: anyObject,
}, ['containers']);

export const podTemplate = object({ metadata: METADATA_SCHEMA, spec: podSpec });

/** A status is written by one component at a time; only its conditions are shared. */
const podStatus = { ...anyObject, properties: { conditions, podIPs: keyed(object({ ip: text }), 'ip'), hostIPs: list(object({ ip: text })) } };

export const podSchema = object({ spec: podSpec, status: podStatus });
