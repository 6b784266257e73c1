/** Value of a resource amount: `500m`, `2Gi`, `1`. */
export type Quantity = string | number;
export type StringMap = Readonly<Record<string, string>>;
type Loose = Readonly<Record<string, unknown>>;

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: Loose;
}

export interface ContainerPort {
  readonly containerPort: number;
  readonly name?: string;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly hostPort?: number;
  readonly hostIP?: string;
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
  readonly readOnly?: boolean;
  readonly mountPropagation?: string;
  readonly recursiveReadOnly?: string;
}

export interface ResourceRequirements {
  readonly limits?: Readonly<Record<string, Quantity>>;
  readonly requests?: Readonly<Record<string, Quantity>>;
  readonly claims?: readonly Loose[];
}

export interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port: number | string; readonly scheme?: string; readonly host?: string; readonly httpHeaders?: readonly Loose[] };
  readonly tcpSocket?: { readonly port: number | string; readonly host?: string };
  readonly exec?: { readonly command: readonly string[] };
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly initialDelaySeconds?: number;
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
  readonly terminationGracePeriodSeconds?: number;
}

/** core/v1 Container; parts that nothing here looks into stay untyped and pass through. */
export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly Loose[];
  readonly ports?: readonly ContainerPort[];
  readonly resources?: ResourceRequirements;
  readonly resizePolicy?: readonly Loose[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly volumeDevices?: readonly Loose[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: Loose;
  readonly restartPolicy?: string;
  readonly restartPolicyRules?: readonly Loose[];
  readonly securityContext?: Loose;
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly tty?: boolean;
  readonly terminationMessagePath?: string;
  readonly terminationMessagePolicy?: 'File' | 'FallbackToLogsOnError';
}

export interface Volume {
  readonly name: string;
  readonly [source: string]: unknown;
}

/** The pod fields a component or a runtime may set beside its containers. */
export interface PodFields {
  readonly volumes?: readonly Volume[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly Loose[];
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly activeDeadlineSeconds?: number;
  readonly dnsPolicy?: string;
  readonly nodeSelector?: StringMap;
  readonly serviceAccountName?: string;
  readonly serviceAccount?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly shareProcessNamespace?: boolean;
  readonly securityContext?: Loose;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly affinity?: Loose;
  readonly schedulerName?: string;
  readonly tolerations?: readonly Loose[];
  readonly hostAliases?: readonly Loose[];
  readonly priorityClassName?: string;
  readonly priority?: number;
  readonly dnsConfig?: Loose;
  readonly readinessGates?: readonly Loose[];
  readonly runtimeClassName?: string;
  readonly enableServiceLinks?: boolean;
  readonly preemptionPolicy?: string;
  readonly overhead?: Loose;
  readonly topologySpreadConstraints?: readonly Loose[];
  readonly setHostnameAsFQDN?: boolean;
  readonly os?: Loose;
  readonly hostUsers?: boolean;
  readonly schedulingGates?: readonly Loose[];
  readonly resourceClaims?: readonly Loose[];
  readonly resources?: ResourceRequirements;
  readonly hostnameOverride?: string;
}

export interface PodSpec extends PodFields {
  readonly containers: readonly Container[];
}
