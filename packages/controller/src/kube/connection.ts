/** What a request needs besides method, path and body: headers and TLS material of this moment. */
export interface RequestAuth {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsOptions;
}

export interface TlsOptions {
  /** PEM. @default - the system's certificate authorities */
  readonly ca?: string | Buffer;
  /** PEM client certificate and key. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  /** The name the server's certificate must carry. @default - the host of the url */
  readonly servername?: string;
  /** Accept any server certificate. @default false */
  readonly insecure?: boolean;
}

/** Where an API server is and how to be let in. */
export interface KubeConnection extends TlsOptions {
  /** `https://host:6443` or `http://127.0.0.1:1234`; a path prefix (as Rancher's proxy has) is kept. */
  readonly url: string;
  /** A bearer token that never changes. */
  readonly token?: string;
  /** Asked before every request, for credentials that expire: rotated tokens, exec plugins. Takes precedence over `token`. */
  readonly authorize?: () => Promise<RequestAuth>;
  /** Namespace of the kubeconfig's context or of the pod's service account. */
  readonly namespace?: string;
}
