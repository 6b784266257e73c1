import type { Condition, ModelStatus } from 'cdk8s-kserve/api';
import type { CanaryOutlook, News } from './canary-news';
import type { WrittenStatus } from './status-writer';

/** Of a service, `modelStatus` tells a start that takes its course from one that is stuck. */
export type ToldStatus = WrittenStatus & { readonly modelStatus?: ModelStatus } & Pick<CanaryOutlook, 'components' | 'canaryStatuses'>;

/** What there is to say of its readiness; a start that takes its course is not news. */
export function readinessNews(kind: string, before: ToldStatus | undefined, after: ToldStatus): News | undefined {
  const was = readyOf(before);
  const is = readyOf(after);
  if (is?.status === 'True') {
    return was?.status === 'True' ? undefined : { type: 'Normal', reason: `${kind}Ready`, message: `the ${wordOf(kind)} is ready` };
  }
  if (is?.status !== 'False' || (was?.status === 'False' && was.reason === is.reason && was.message === is.message)) {
    return undefined;
  }
  const message = [is.reason, is.message].filter(Boolean).join(': ');
  if (is.reason === 'Stopped') {
    return { type: 'Normal', reason: 'Stopped', message: is.message ?? `the ${wordOf(kind)} is stopped` };
  }
  if (was?.status === 'True') {
    return { type: 'Warning', reason: `${kind}NotReady`, message };
  }
  const { transitionStatus } = after.modelStatus ?? {};
  const stuck = transitionStatus === 'BlockedByFailedLoad' || transitionStatus === 'InvalidSpec' || ['ReconcileFailed', 'InvalidGraph'].includes(is.reason ?? '');
  return stuck ? { type: 'Warning', reason: is.reason ?? `${kind}NotReady`, message: is.message ?? message } : undefined;
}

/** What keeps the latest spec from serving, while the version before it does. */
export function stuckNews(before: ToldStatus | undefined, after: ToldStatus): News | undefined {
  const is = trouble(after);
  const was = trouble(before);
  const news = readyOf(after)?.status === 'True' && is && (is.reason !== was?.reason || is.message !== was.message);
  return news ? { type: 'Warning', ...is } : undefined;
}

function trouble(status: ToldStatus | undefined): Pick<News, 'reason' | 'message'> | undefined {
  const { transitionStatus, lastFailureInfo: { reason = 'ModelLoadFailed', message = '' } = {} } = status?.modelStatus ?? {};
  if (transitionStatus === 'InvalidSpec' || transitionStatus === 'BlockedByFailedLoad') {
    return { reason, message };
  }
  const progressing = status?.conditions?.find((c) => c.type === 'Progressing');
  const over = progressing?.status === 'False' && !['Settled', 'Stopped'].includes(progressing.reason ?? '');
  return over ? { reason: progressing.reason ?? 'Failed', message: progressing.message ?? '' } : undefined;
}

function readyOf(status: WrittenStatus | undefined): Condition | undefined {
  return status?.conditions?.find((c) => c.type === 'Ready');
}

function wordOf(kind: string): string {
  return { InferenceGraph: 'graph', TrainedModel: 'model' }[kind] ?? 'service';
}
