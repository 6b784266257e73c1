import { objectKey, type Condition } from 'cdk8s-kserve/api';
import { conditionOf, transition } from '../reconciling/conditions';
import { controlledBy, own, ownerOfKind, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { writeStatus } from '../reconciling/write-status';
import { KNATIVE_LABEL, labelsOf, SERVING, statusOf, type Configuration, type ConfigurationStatus, type Revision } from './types';

/** Makes a Revision of every template a Configuration ever has. */
export function configurationReconciler(context: ReconcilerContext): Reconciler {
  const { api, informers, clock } = context;

  async function reconcile(key: string): Promise<void> {
    const configuration = informers.get('Configuration', key) as Configuration | undefined;
    if (!configuration || configuration.metadata.deletionTimestamp) return;
    const latest = await ensureRevision(configuration);
    await writeStatus(context, 'Configuration', configuration, statusOfConfiguration(configuration, latest));
  }

  async function ensureRevision(configuration: Configuration): Promise<Revision> {
    const { name, namespace = 'default', generation = 1 } = configuration.metadata;
    const { template } = configuration.spec;
    const revisionName = template.metadata?.name ?? `${name}-${String(generation).padStart(5, '0')}`;
    const live = informers.get('Revision', objectKey({ name: revisionName, namespace }));
    if (live) return live as Revision;
    const labels = {
      ...labelsOf(template),
      [KNATIVE_LABEL.service]: configuration.metadata.labels?.[KNATIVE_LABEL.service] ?? name,
      [KNATIVE_LABEL.configuration]: name,
      [KNATIVE_LABEL.configurationGeneration]: String(generation),
    };
    const annotations = template.metadata?.annotations;
    const created = await api.create({
      apiVersion: SERVING,
      kind: 'Revision',
      metadata: { name: revisionName, namespace, labels, ...(annotations ? { annotations } : {}), ownerReferences: [controlledBy(configuration)] },
      spec: template.spec,
    });
    informers.observe('Revision', created);
    return created as Revision;
  }

  function statusOfConfiguration(configuration: Configuration, latest: Revision): ConfigurationStatus {
    const ready = newestReady(informers.ownedBy('Revision', configuration.metadata.uid ?? '') as Revision[]) ?? configuration.status?.latestReadyRevisionName;
    const conditions = transition([readyCondition(latest)], configuration.status?.conditions ?? [], clock.now());
    return {
      observedGeneration: configuration.metadata.generation ?? 0,
      conditions,
      latestCreatedRevisionName: latest.metadata.name,
      ...(ready ? { latestReadyRevisionName: ready } : {}),
    };
  }

  return {
    name: 'knative-configuration',
    watches: [
      { kind: 'Configuration', keys: own },
      { kind: 'Revision', keys: ownerOfKind('Configuration') },
    ],
    reconcile,
  };
}

function readyCondition(latest: Revision): Condition {
  const name = JSON.stringify(latest.metadata.name);
  const ready = conditionOf(latest, 'Ready');
  if (ready?.status === 'True') return { type: 'Ready', status: 'True' };
  if (ready?.status === 'False') return { type: 'Ready', status: 'False', reason: 'RevisionFailed', message: `Revision ${name} failed with message: ${ready.message ?? ''}.` };
  return { type: 'Ready', status: 'Unknown' };
}

function newestReady(revisions: readonly Revision[]): string | undefined {
  const generation = (r: Revision): number => Number(labelsOf(r)[KNATIVE_LABEL.configurationGeneration] ?? 0);
  return [...revisions].filter((r) => statusOf(r, 'Ready') === 'True').sort((a, b) => generation(b) - generation(a))[0]?.metadata.name;
}
