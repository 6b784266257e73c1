// One process of the benchmark: `constructs.cjs FOLDER declare|expand|gitops` writes the services by this library; `gitops` is expanded, too.
import { App, Chart } from 'cdk8s';
import { GitOpsApp, InferenceService } from 'cdk8s-kserve';
import { SERVICES, TEAMS, serviceProps } from './props';

const [outdir = '', output] = process.argv.slice(2);
const app = output === 'gitops' ? new GitOpsApp({ outdir }) : new App({ outdir });
for (let team = 0; team < TEAMS; team++) {
  const chart = new Chart(app, `team-${team}`, { namespace: `team-${team}` });
  for (let i = 0; i < SERVICES / TEAMS; i++) new InferenceService(chart, `m${i}`, { ...serviceProps(team, i), output: output === 'declare' ? 'declare' : 'expand' });
}
app.synth();
process.stdout.write(`rss ${process.resourceUsage().maxRSS}\n`);
