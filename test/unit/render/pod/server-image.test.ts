import { serverImage } from '../../../../src/render/pod/image';

const gpu = { limits: { 'nvidia.com/gpu': 1 } };
const mig = { limits: { 'nvidia.com/mig-1g.5gb': 1 } };

describe('serverImage', () => {
  it.each([
    ['the version asked for', 'tensorflow/serving:2.6.2', { runtimeVersion: '2.9', serverType: 'tensorflow-serving', resources: gpu }, 'tensorflow/serving:2.9'],
    ['a digest as it is', 'x/y@sha256:00', { runtimeVersion: '2.9', serverType: 'tensorflow-serving', resources: gpu }, 'x/y@sha256:00'],
    ['the GPU flavour', 'tensorflow/serving:2.6.2', { serverType: 'tensorflow-serving', resources: gpu }, 'tensorflow/serving:2.6.2-gpu'],
    ['the GPU flavour for a MIG slice', 'pytorch/torchserve-kfs:0.9.0', { serverType: 'torchserve', resources: mig }, 'pytorch/torchserve-kfs:0.9.0-gpu'],
    ['the suffix once', 'kserve/huggingfaceserver:v1-gpu', { serverType: 'huggingfaceserver', resources: gpu }, 'kserve/huggingfaceserver:v1-gpu'],
    ['vLLM for CPUs', 'vllm/vllm-openai:v1', { serverType: 'vllmserver', resources: undefined }, 'vllm/vllm-openai-cpu:v1'],
    ['vLLM for GPUs', 'vllm/vllm-openai:v1', { serverType: 'vllmserver', resources: gpu }, 'vllm/vllm-openai:v1'],
    ['no tag where none is, behind a registry\'s port', 'host:5000/x', { serverType: 'tensorflow-serving', resources: gpu }, 'host:5000/x'],
    ['other servers as they are', 'x/y:1', { serverType: 'sklearnserver', resources: gpu }, 'x/y:1'],
  ])('gives %s', (_what, image, request, expected) => expect(serverImage(image, request)).toBe(expected));
});
