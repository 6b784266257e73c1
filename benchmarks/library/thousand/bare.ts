// One process of the benchmark: `bare.cjs FOLDER` writes the services as a user without constructs would.
import { ApiObject, App, Chart, type ApiObjectProps } from 'cdk8s';
import { SERVICES, TEAMS, serviceProps } from './props';

const app = new App({ outdir: process.argv[2] ?? '' });
for (let team = 0; team < TEAMS; team++) {
  const chart = new Chart(app, `team-${team}`, { namespace: `team-${team}` });
  for (let i = 0; i < SERVICES / TEAMS; i++) {
    const { labels, predictor, transformer } = serviceProps(team, i);
    const { modelFormat, storageUri, resources, ...scaling } = predictor;
    const object = {
      apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
      metadata: { name: `m${i}`, labels: { ...labels }, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
      spec: { predictor: { ...scaling, model: { modelFormat: { name: modelFormat }, storageUri, resources } }, transformer: { containers: [{ name: 'kserve-container', ...transformer }] } },
    };
    new ApiObject(chart, `m${i}`, object as ApiObjectProps);
  }
}
app.synth();
process.stdout.write(`rss ${process.resourceUsage().maxRSS}\n`);
