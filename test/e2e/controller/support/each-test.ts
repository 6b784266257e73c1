import { TestCluster } from './cluster';

// Imported by test files whose tests each want a namespace of their own: the import sets the hooks, and as jest loads
// modules anew for each file, every file has its own cluster.

export let cluster: TestCluster;
/** Of the test that runs. */
export let namespace: string;

beforeAll(async () => {
  cluster = await TestCluster.start();
});

beforeEach(async () => {
  namespace = await cluster.namespace();
});

afterEach(() => cluster.stopControllers());
afterAll(() => cluster.stop());
