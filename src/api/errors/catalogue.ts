/**
 * Every error code of the project, with the one sentence that `docs/reference/errors.md` opens its entry with.
 * A test holds the two together. Codes are `ISVC_<AREA>_<WHAT>` and never change once released.
 */
export const ERROR_CATALOGUE = {
  // api: one resource looked at alone
  ISVC_API_UNKNOWN_FIELD: 'A manifest has a field that its kind does not know.',
  ISVC_API_WRONG_TYPE: 'A field holds a value of the wrong type.',
  ISVC_API_INVALID_VALUE: 'A field holds a value outside what is allowed.',
  ISVC_API_REQUIRED: 'A required field is missing.',
  ISVC_API_EXACTLY_ONE: 'Exactly one of several fields must be set.',
  ISVC_API_UNKNOWN_KIND: 'A manifest has an apiVersion and kind that nothing here serves.',
  ISVC_API_NOT_AN_OBJECT: 'A document is not a Kubernetes object.',
  ISVC_API_INVALID_YAML: 'A file is not valid YAML.',
  ISVC_API_CONFIG: 'The platform configuration cannot be used.',
  // render: one resource in its world
  ISVC_RENDER_NO_RUNTIME: 'No serving runtime supports the model.',
  ISVC_RENDER_RUNTIME_NOT_FOUND: 'The serving runtime named by the model does not exist.',
  ISVC_RENDER_RUNTIME_DISABLED: 'The serving runtime named by the model is disabled.',
  ISVC_RENDER_RUNTIME_UNSUITABLE: 'The serving runtime named by the model cannot serve it.',
  ISVC_RENDER_INVALID_RUNTIME: 'The serving runtime cannot be turned into a pod.',
  ISVC_RENDER_STORAGE_URI: 'The model address has a scheme that nothing here can fetch.',
  ISVC_RENDER_STORAGE: 'A storage container, secret or entry that the model address needs is not there.',
  ISVC_RENDER_GRAPH: 'A step of an inference graph names a service that cannot be called.',
  ISVC_RENDER_MULTI_NODE: 'A model cannot be spread over nodes as asked.',
  ISVC_RENDER_UNSUPPORTED: 'The resource asks for something that this version cannot render.',
  ISVC_RENDER_IGNORED: 'A field is accepted and has no effect in the chosen mode.',
  ISVC_RENDER_MISSING_API: 'The cluster lacks an API that the chosen mode needs.',
  // kube: talking to an API server
  ISVC_KUBE_REQUEST: 'The API server refused a request.',
  ISVC_KUBE_UNREACHABLE: 'The API server does not answer.',
  ISVC_KUBE_CONFIG: 'The kubeconfig cannot be used.',
  ISVC_KUBE_LEASE_LOST: 'The lease that makes this replica the leader could not be renewed.',
  // runtime: model server and fetcher
  ISVC_MODEL_NOT_FOUND: 'There is no model file where one was expected.',
  ISVC_MODEL_AMBIGUOUS: 'There is more than one model file where one was expected.',
  ISVC_MODEL_CORRUPT: 'A model file is damaged or cut short.',
  ISVC_MODEL_FORBIDDEN: 'A model file names code that is not on the allow-list; nothing was executed.',
  ISVC_MODEL_UNSUPPORTED: 'A model file holds an estimator or a format that this version cannot evaluate.',
  ISVC_INPUT_INVALID: 'A request body is not what the protocol allows.',
  ISVC_INPUT_SHAPE: 'A request has the wrong number of rows or columns.',
  ISVC_INPUT_TOO_LARGE: 'A request body is larger than the server accepts.',
  ISVC_SERVER_MODEL_UNKNOWN: 'The server has no model of that name.',
  ISVC_SERVER_NOT_READY: 'The model or the server is not ready.',
  ISVC_SERVER_NOT_IMPLEMENTED: 'The model cannot do what was asked.',
  ISVC_SERVER_OPTION: 'A command line option has a value that cannot be used.',
  ISVC_SERVER_DEPENDENCY: 'A package that the model needs is not installed.',
  ISVC_SERVER_PORT_IN_USE: 'The port is taken by another process.',
  ISVC_FETCH_NOT_FOUND: 'The model source does not exist.',
  ISVC_FETCH_SCHEME: 'The model source has a scheme that this version cannot fetch.',
  ISVC_FETCH_CONFIG: 'An environment variable of the fetcher is missing or wrong.',
  ISVC_FETCH_UNSAFE: 'The model source holds something that must not be copied.',
  ISVC_FETCH_IO: 'Reading the source or writing the target failed.',
  ISVC_FETCH_DENIED: 'The store refuses the credentials, or there are none.',
  ISVC_FETCH_UNREACHABLE: 'The store does not answer, or fails again and again.',
  ISVC_FETCH_CORRUPT: 'What arrived is not what the store announced.',
  ISVC_FETCH_DEADLINE: 'Fetching took longer than it may take in all.',
  ISVC_FETCH_SPACE: 'The model does not fit on the disk of the target.',
  // local mode and command line
  ISVC_LOCAL_PORT_IN_USE: 'The port of the local gateway is taken.',
  ISVC_CLI_USAGE: 'The command line cannot be used as given.',
  ISVC_CLI_AGAINST: 'The other side of a plan cannot be read.',
  ISVC_CLI_NO_MANIFESTS: 'The folder holds nothing to run.',
  // constructs
  ISVC_CONSTRUCT_MISUSE: 'A construct was given properties that cannot work together.',
} as const satisfies Record<`ISVC_${string}`, string>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
