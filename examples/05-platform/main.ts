import { GitOpsApp } from 'cdk8s-kserve';
import { ModelChart, TabularModel } from './platform';

// What a model team writes. One file an object in folders by namespace, and a kustomization.yaml.
const app = new GitOpsApp();

const pricing = new ModelChart(app, 'pricing');
new TabularModel(pricing, 'demand', { format: 'lightgbm', version: 'v12' });
new TabularModel(pricing, 'elasticity', { format: 'sklearn', version: 'v3', tier: 'critical' });

const risk = new ModelChart(app, 'risk');
new TabularModel(risk, 'churn', { format: 'xgboost', version: '2026-11' });

app.synth();
