import { Command } from 'commander';
import { createColors } from 'picocolors';
import { IsvcError } from 'cdk8s-kserve/api';
import { planResources, type Plan, type ResourceChildren } from 'cdk8s-kserve/plan';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import type { Manifest } from '../manifests/manifest';
import { problemText } from '../output/problem-line';
import { gitSide } from '../plan/git-side';
import { loadSide, worldObjects, type PlanSide } from '../plan/load-side';
import { planText } from '../plan/plan-text';
import { writeChildren } from '../plan/write-children';

interface PlanFlags {
  readonly against?: string;
  readonly world: readonly string[];
  readonly kubeconfig?: string;
  readonly out?: string;
  readonly all: boolean;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ isvc plan dist
      What the services and graphs of dist will create, and why.
  $ isvc plan dist --against git:main
      What this branch changes, and which pods that restarts.
  $ isvc plan dist --against cluster
      What applying dist would do to the cluster of the current kubeconfig.

Exit codes:
  0  no change
  1  a manifest is wrong, one side cannot be read, or the command line cannot be used
  2  there are changes`;

/** `isvc plan`: the exact children before anything is applied. */
export function planCommand(io: Io): Command {
  const repeatable = (value: string, all: readonly string[]): readonly string[] => [...all, value];
  return new Command('plan')
    .description('Show what the services and graphs of a folder create, what a change does to them, and which pods restart')
    .argument('<folder>', 'folder of manifests (sub-folders included) or one YAML file')
    .option('-a, --against <side>', 'compare with another FOLDER, with git:REVISION, or with cluster (default: nothing, everything is new)')
    .option('-w, --world <folder>', 'more objects that the services may use, such as runtimes; repeatable', repeatable, [])
    .option('--kubeconfig <file>', 'for --against cluster (default: the current one)')
    .option('-o, --out <folder>', 'also write the children there, one file each')
    .option('--all', 'tell the reasons of services without change, too', false)
    .option('--json', 'print the plan as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, flags: PlanFlags) => {
      const colors = createColors(io.colors);
      const wanted = await loadSide(folder, flags.world, flags.against === 'cluster' ? await gatewaysOf(flags) : []);
      if (wanted.resources.length === 0 && wanted.problems.length === 0) {
        throw new IsvcError('ISVC_CLI_NO_MANIFESTS', `${folder} holds ${wanted.objects.length} objects but no InferenceService and no InferenceGraph`, { hint: 'name the folder that "cdk8s synth" writes to, usually dist' });
      }
      for (const problem of wanted.problems) io.err.write(`${problemText(problem, colors)}\n`);
      const plan = planResources(await otherSide(folder, flags, wanted), wanted.resources);
      if (flags.out) await writeChildren(flags.out, wanted.resources);
      io.out.write(flags.json ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan, colors, { all: flags.all }));
      io.exitCode = wanted.problems.some((p) => p.severity === 'error') ? EXIT.failed : exitCodeOf(plan);
    });
}

// The Kubernetes client is loaded only for those who ask a cluster.
async function gatewaysOf({ kubeconfig }: PlanFlags): Promise<readonly Manifest[]> {
  const { clusterGateways } = await import('../plan/cluster-gateways.js');
  return clusterGateways(kubeconfig);
}

async function otherSide(folder: string, flags: PlanFlags, wanted: PlanSide): Promise<readonly ResourceChildren[]> {
  const { against } = flags;
  if (against === undefined) return [];
  if (against === 'cluster') {
    const { clusterSide } = await import('../plan/cluster-side.js');
    return clusterSide(wanted.resources, flags.kubeconfig);
  }
  if (against.startsWith('git:')) return (await gitSide(against.slice('git:'.length), folder, await worldObjects(flags.world))).resources;
  return (await loadSide(against, flags.world)).resources;
}

function exitCodeOf(plan: Plan): number {
  const { added, changed, removed } = plan.summary;
  return added + changed + removed === 0 ? EXIT.ok : EXIT.changes;
}
