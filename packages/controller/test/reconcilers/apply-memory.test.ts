import type { KubeObject } from 'cdk8s-kserve/api';
import { ApplyMemory } from '../../src/reconcilers/apply-memory';

function child(image: string, uid = 'u1'): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'iris', uid }, spec: { image } };
}

describe('ApplyMemory', () => {
  test('without a memory the reasons stand', () => {
    const memory = new ApplyMemory();
    expect(memory.weigh('ml/iris', 'd', child('a'), child('a'), ['spec.x'])).toEqual(['spec.x']);
    expect(memory.weigh('ml/iris', 'd', child('a'), child('a'), [])).toEqual([]);
  });

  test('what was changed since the last apply is a reason of its own, though the live object seems to fit', () => {
    const memory = new ApplyMemory();
    memory.remember('ml/iris', 'd', child('a'), child('a'), []);
    expect(memory.weigh('ml/iris', 'd', child('b'), child('b'), [])).toEqual(['changed since the last apply']);
    expect(memory.weigh('ml/iris', 'd', child('a'), child('a'), [])).toEqual([]);
  });

  test('what the server did not keep the last time is not sent again, anything beyond it is', () => {
    const memory = new ApplyMemory();
    memory.remember('ml/iris', 'd', child('a'), child('mutated'), ['spec.image']);
    expect(memory.weigh('ml/iris', 'd', child('a'), child('mutated'), ['spec.image'])).toEqual([]);
    expect(memory.weigh('ml/iris', 'd', child('a'), child('mutated'), ['spec.image', 'metadata.labels.app'])).toEqual(['spec.image', 'metadata.labels.app']);
  });

  test('an object that was made anew, a forgotten child and a forgotten service start over', () => {
    const memory = new ApplyMemory();
    memory.remember('ml/iris', 'd', child('a'), child('a'), ['spec.image']);
    expect(memory.weigh('ml/iris', 'd', child('a'), child('a', 'u2'), ['spec.image'])).toEqual(['spec.image']);
    memory.forgetChild('ml/iris', 'd');
    expect(memory.weigh('ml/iris', 'd', child('b'), child('a'), [])).toEqual([]);
    memory.remember('ml/iris', 'd', child('a'), child('a'), []);
    memory.forget('ml/iris');
    expect(memory.weigh('ml/iris', 'd', child('b'), child('a'), [])).toEqual([]);
  });
});
