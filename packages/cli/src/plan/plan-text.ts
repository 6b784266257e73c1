import type { Colors } from 'picocolors/types';
import type { ChildChange, FieldChange, Plan, ResourcePlan } from 'cdk8s-kserve/plan';

const SHOWN_VALUE = 80;
/** How many names of unchanged resources are listed before they are only counted. */
const SHOWN_NAMES = 5;

/**
 * A plan for people: what happens to each resource, what restarts, and why.
 *
 * @param all also tells the children's reasons of resources that do not change. @default false
 */
export function planText(plan: Plan, colors: Colors, { all = false } = {}): string {
  const unchanged = all ? [] : plan.resources.filter((resource) => resource.changes.length === 0 && !isFailed(resource));
  const blocks = plan.resources.filter((resource) => !unchanged.includes(resource)).map((resource) => resourceText(resource, colors));
  if (unchanged.length > 0) blocks.push(colors.dim(unchangedText(unchanged)));
  const { added, changed, removed, restartedPods } = plan.summary;
  const total = added + changed + removed === 0
    ? 'No change.'
    : `Plan: ${added} added, ${changed} changed, ${removed} removed; ${restartedPods === 0 ? 'no pod restarts' : `${pods(restartedPods)} restart`}.`;
  return `${[...blocks, colors.bold(total)].join('\n\n')}\n`;
}

function unchangedText(resources: readonly ResourcePlan[]): string {
  const names = resources.slice(0, SHOWN_NAMES).map((r) => `${r.kind} ${r.namespace}/${r.name}`);
  const rest = resources.length - names.length;
  return `Without change: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function isFailed(resource: ResourcePlan): boolean {
  return resource.problems.some((p) => p.severity === 'error');
}

function resourceText(resource: ResourcePlan, colors: Colors): string {
  const title = colors.bold(`${resource.kind} ${resource.namespace}/${resource.name}`) + (resource.mode ? ` (${resource.mode})` : '');
  const changes = resource.changes.length > 0 ? resource.changes.flatMap((c) => changeLines(c, colors)) : [isFailed(resource) ? '  cannot be rendered, see the errors above; its children stay' : '  no change'];
  const because = resource.decisions.map((d) => colors.dim(`  ${d.topic}: ${d.choice} (${d.because})`));
  return [title, ...changes, ...because].join('\n');
}

function changeLines(change: ChildChange, colors: Colors): readonly string[] {
  const name = `${change.apiVersion.startsWith('serving.knative.dev/') ? 'Knative ' : ''}${change.kind} ${change.name}`;
  if (change.action === 'add') return [colors.green(`  + ${name}`)];
  if (change.action === 'remove') return [colors.red(`  - ${name}`)];
  const restart = change.restart ? [colors.yellow(`      ${change.restart.pods === 0 ? 'restarts no running pod' : `restarts ${pods(change.restart.pods)}`}: ${change.restart.because}`)] : [];
  return [colors.yellow(`  ~ ${name}`), ...change.fields.map((f) => `      ${fieldText(f)}`), ...restart];
}

function fieldText(field: FieldChange): string {
  if (!('before' in field)) return `${field.path}: set to ${shown(field.after)}`;
  if (!('after' in field)) return `${field.path}: ${shown(field.before)} removed`;
  return `${field.path}: ${shown(field.before)} -> ${shown(field.after)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= SHOWN_VALUE ? text : `${text.slice(0, SHOWN_VALUE - 3)}...`;
}

function pods(n: number): string {
  return `${n} pod${n === 1 ? '' : 's'}`;
}
