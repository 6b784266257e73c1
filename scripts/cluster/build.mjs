// The programs of a control plane, and those that real clusters have beside them, from their Go modules.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { goPrograms, replacedByModules } from '../support/go-programs.mjs';

export { GoMissing } from '../support/go-programs.mjs';

const KUBERNETES = '1.36.3';
/** The k8s.io modules of a Kubernetes release carry its minor and patch number behind a zero. */
const STAGING = KUBERNETES.replace(/^1\./, '0.');

const ETCD = { name: 'etcd', path: 'go.etcd.io/etcd/server/v3', version: '3.7.3', about: 'half a minute', programs: { etcd: { pkg: 'go.etcd.io/etcd/server/v3' } } };

/** All of one build, since they share most of what is compiled. */
const CONTROL_PLANE = {
  name: 'kubernetes',
  path: 'k8s.io/kubernetes',
  version: KUBERNETES,
  about: 'about six minutes',
  programs: Object.fromEntries(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'].map((program) => [program, { pkg: `k8s.io/kubernetes/cmd/${program}`, ldflags: kubernetesVersion() }])),
  // Kubernetes requires its own modules at v0.0.0 and replaces them inside its repository only.
  replaces: (goMod) => goMod.Require.filter(({ Path, Version }) => Path.startsWith('k8s.io/') && Version === 'v0.0.0').map(({ Path }) => `${Path}=${Path}@v${STAGING}`),
};

/** A plain build has a version that kubectl cannot read. */
function kubernetesVersion() {
  const [major, minor] = KUBERNETES.split('.');
  const version = 'k8s.io/component-base/version';
  return `-X ${version}.gitVersion=v${KUBERNETES} -X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`;
}

const GATEWAY_CRDS = ['sigs.k8s.io/gateway-api', 'config/crd/standard'];

/** What the opt-in tests run beside the control plane; their versions are those that the rest of the project is written against. */
const RIGS = {
  kubectl: CONTROL_PLANE,
  kwok: { name: 'kwok', path: 'sigs.k8s.io/kwok', version: '0.8.0', about: 'two minutes', programs: { kwok: { pkg: 'sigs.k8s.io/kwok/cmd/kwok' } }, files: { stage: ['sigs.k8s.io/kwok', 'kustomize/stage'] } },
  knative: {
    name: 'knative',
    path: 'knative.dev/serving',
    version: '0.48.1',
    about: 'three minutes',
    programs: Object.fromEntries(['controller', 'autoscaler', 'webhook', 'activator', 'queue'].map((program) => [program, { pkg: `knative.dev/serving/cmd/${program}` }])),
    files: { 'config/serving': ['knative.dev/serving', 'config/core'], 'config/networking': ['knative.dev/networking', 'config'], 'config/caching': ['knative.dev/caching', 'config'] },
  },
  traefik: {
    name: 'traefik',
    path: 'github.com/traefik/traefik/v3',
    version: '3.6.12',
    about: 'five minutes',
    programs: { traefik: { pkg: 'github.com/traefik/traefik/v3/cmd/traefik' } },
    replaces: replacedByModules,
    files: { crds: GATEWAY_CRDS },
  },
  keda: {
    name: 'keda',
    path: 'github.com/kedacore/keda/v2',
    version: '2.21.0',
    about: 'nine minutes',
    programs: { keda: { pkg: 'github.com/kedacore/keda/v2/cmd/operator' }, 'keda-adapter': { pkg: 'github.com/kedacore/keda/v2/cmd/adapter' } },
    replaces: replacedByModules,
    files: { crds: ['github.com/kedacore/keda/v2', 'config/crd/bases'] },
  },
  kserve: { name: 'kserve', path: 'github.com/kserve/kserve', version: '0.20.0', about: 'five minutes', programs: { manager: { pkg: 'github.com/kserve/kserve/cmd/manager' } }, replaces: replacedByModules, files: { config: ['github.com/kserve/kserve', 'config'], crds: ['github.com/kserve/kserve', 'test/crds'] } },
};

/**
 * A folder that has etcd, and one that has kube-apiserver and kube-controller-manager: `KUBEBUILDER_ASSETS`, or the cache, filled first if need be.
 *
 * @returns the file of each program by its name.
 * @throws GoMissing
 */
export function clusterPrograms(env = process.env) {
  const names = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
  const given = env.KUBEBUILDER_ASSETS;
  if (given) {
    const missing = names.filter((name) => !existsSync(join(given, name)));
    if (missing.length > 0) throw new Error(`KUBEBUILDER_ASSETS is ${given}, which lacks ${missing.join(', ')}`);
    return Object.fromEntries(names.map((name) => [name, join(given, name)]));
  }
  const etcd = goPrograms(ETCD, env);
  const control = goPrograms(CONTROL_PLANE, env);
  return { etcd: join(etcd, 'etcd'), 'kube-apiserver': join(control, 'kube-apiserver'), 'kube-controller-manager': join(control, 'kube-controller-manager') };
}

/**
 * The folder with what one opt-in test runs beside the control plane, built first if need be.
 *
 * @param rig a name of {@link RIGS}
 * @throws GoMissing
 */
export function rigPrograms(rig, env = process.env) {
  const module = RIGS[rig];
  if (!module) throw new Error(`no rig is called ${rig}; there are ${Object.keys(RIGS).join(', ')}`);
  return goPrograms(module, env);
}
