import type { KubeObject, StringMap } from '../api';
import { secretFacts, serviceAccountFacts, type World } from '../render';
import { misuse } from './check';

export interface SecretOptions {
  /**
   * Keys of the secret, e.g. `AWS_ACCESS_KEY_ID`. Expand output needs them to wire the pod; a controller looks itself.
   *
   * @default - not known
   */
  readonly keys?: readonly string[];
  /**
   * Annotations of the secret, such as `serving.kserve.io/s3-endpoint`; needed like `keys`.
   *
   * @default - none
   */
  readonly annotations?: StringMap;
}

/** What credentials mean for one service. */
export interface BoundCredentials {
  readonly serviceAccountName: string;
  /** Objects to write beside the service. */
  readonly objects: readonly KubeObject[];
  /** What render may know of them; undefined when it would have to guess. */
  readonly facts: Pick<World, 'serviceAccounts' | 'secrets'> | undefined;
}

type Bind = (serviceName: string, namespace: string | undefined) => BoundCredentials;

/**
 * How a service gets at its storage: always a service account, which has a cloud role or lists secrets. Values of secrets
 * stay out of the manifests.
 */
export class Credentials {
  /** A service account that exists. */
  static serviceAccount(name: string): Credentials {
    if (name === '') throw misuse('Credentials.serviceAccount', 'the name must not be empty', 'give the name of a ServiceAccount');
    return new Credentials(() => ({ serviceAccountName: name, objects: [], facts: undefined }));
  }

  /** A secret that exists, through a service account written for the service. */
  static fromSecret(name: string, options: SecretOptions = {}): Credentials {
    if (name === '') throw misuse('Credentials.fromSecret', 'the name must not be empty', 'give the name of a Secret');
    return new Credentials((service, namespace) => {
      const account = accountFor(service, namespace, {}, [name]);
      const secret = { namespace: namespace ?? 'default', name, annotations: options.annotations ?? {}, keys: options.keys ?? [] };
      return { serviceAccountName: account.metadata.name, objects: [account], facts: options.keys ? { serviceAccounts: [serviceAccountFacts(account)], secrets: [secret] } : undefined };
    });
  }

  /** A role of AWS that pods of the service assume (IRSA), through a service account written for it. */
  static awsRole(arn: string, options: Pick<SecretOptions, 'annotations'> = {}): Credentials {
    if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(arn)) throw misuse('Credentials.awsRole', `must be the ARN of a role, got "${arn}"`, 'write arn:aws:iam::123456789012:role/models');
    return new Credentials((service, namespace) => {
      const account = accountFor(service, namespace, { 'eks.amazonaws.com/role-arn': arn, ...options.annotations }, []);
      return { serviceAccountName: account.metadata.name, objects: [account], facts: { serviceAccounts: [serviceAccountFacts(account)] } };
    });
  }

  /** Writes the given values into a Secret of the manifests, in clear: for local tests only. */
  static unsafeLiteral(data: StringMap, options: Pick<SecretOptions, 'annotations'> = {}): Credentials {
    return new Credentials((service, namespace) => {
      const name = `${service}-models`;
      const annotations = options.annotations ? { annotations: options.annotations } : {};
      const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name, ...(namespace ? { namespace } : {}), ...annotations }, stringData: data };
      const account = accountFor(service, namespace, {}, [name]);
      return { serviceAccountName: account.metadata.name, objects: [secret, account], facts: { serviceAccounts: [serviceAccountFacts(account)], secrets: [secretFacts(secret)] } };
    });
  }

  /** What they mean for a service. */
  readonly bind: Bind;

  private constructor(bind: Bind) {
    this.bind = bind;
  }
}

function accountFor(service: string, namespace: string | undefined, annotations: StringMap, secrets: readonly string[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: `${service}-models`, ...(namespace ? { namespace } : {}), ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    ...(secrets.length > 0 ? { secrets: secrets.map((name) => ({ name })) } : {}),
  };
}
