/** A thing that can be wrong with GPUs in a manifest, and the rules that find it, or why none does. */
export interface GpuFact {
  /** Number in this table; other pages and issues name it. */
  readonly id: string;
  readonly what: string;
  /** Codes of the rules. */
  readonly rules?: readonly string[];
  /** What a manifest cannot show, of a fact that no rule looks for or of the part that its rules leave. */
  readonly notLinted?: string;
}

const idOf = (number: number): string => `GPU${String(number).padStart(3, '0')}`;
const fact = (number: number, what: string, rules: readonly string[], notLinted?: string): GpuFact => ({ id: idOf(number), what, rules, ...(notLinted ? { notLinted } : {}) });
const beyond = (number: number, what: string, notLinted: string): GpuFact => ({ id: idOf(number), what, notLinted });

export const GPU_FACTS: readonly GpuFact[] = [
  fact(1, 'A quantity is no whole number', ['ISVC_LINT_GPU_WHOLE']),
  fact(2, 'A request without a limit, or another request than limit', ['ISVC_LINT_GPU_LIMIT']),
  fact(3, 'A resource name that no device plugin advertises', ['ISVC_LINT_GPU_NAME']),
  fact(4, 'Zero GPUs, or an image for GPUs in a container that asks for none', ['ISVC_LINT_GPU_ZERO']),
  fact(5, 'A MIG profile that is malformed, or that no known card has', ['ISVC_LINT_MIG_PROFILE']),
  fact(6, 'A MIG profile that the selected card has not', ['ISVC_LINT_MIG_PROFILE'], 'whether its placements leave room beside the other profiles of the card'),
  fact(7, 'Several MIG slices for one process, or parallelism over slices', ['ISVC_LINT_MIG_SEVERAL']),
  fact(8, 'A + in the resource name of a MIG profile', ['ISVC_LINT_MIG_PROFILE']),
  fact(9, 'More than one access to a shared GPU', ['ISVC_LINT_GPU_SHARED_COUNT']),
  fact(10, 'vLLM on a shared GPU without its part of the memory', ['ISVC_LINT_GPU_SHARED_MEMORY'], 'whether the part is small enough: among how many a GPU is shared is the node\'s'),
  fact(11, 'Several containers of a pod, or an init container, ask for GPUs', ['ISVC_LINT_GPU_SEVERAL_CONTAINERS']),
  fact(12, 'No toleration for the taint of GPU nodes', ['ISVC_LINT_GPU_TOLERATION'], 'which taints the nodes really have, so it is a note'),
  fact(13, 'A toleration for the MIG resource in place of the node\'s taint', ['ISVC_LINT_GPU_TOLERATION']),
  fact(14, 'NVIDIA_VISIBLE_DEVICES set by hand', ['ISVC_LINT_GPU_VISIBLE']),
  fact(15, 'CUDA_VISIBLE_DEVICES beyond the container\'s GPUs, or a number for a MIG slice', ['ISVC_LINT_GPU_VISIBLE']),
  fact(16, 'Parallel processes, or Triton\'s Python backend, with 64 MiB of shared memory', ['ISVC_LINT_GPU_SHM', 'ISVC_LINT_TRITON_REPOSITORY']),
  fact(17, 'Shared memory as large as the memory limit', ['ISVC_LINT_GPU_SHM']),
  fact(18, 'hostIPC, privileged, device files of the host', ['ISVC_LINT_GPU_HOST_ACCESS']),
  fact(19, 'Tensor times pipeline parallelism is not the number of GPUs', ['ISVC_LINT_GPU_PARALLEL'], 'of several nodes, where KServe computes it'),
  fact(20, 'GPUs that do not divide the attention heads', ['ISVC_LINT_GPU_HEADS'], 'models that the table of language models does not have'),
  fact(21, 'bfloat16 or fp8 on a card without it', ['ISVC_LINT_GPU_PRECISION'], 'cards that node labels do not select'),
  fact(22, 'Weights larger than the card', ['ISVC_LINT_GPU_FIT'], 'models and cards that are not known'),
  fact(23, 'No room for the cache beside the weights', ['ISVC_LINT_GPU_FIT'], 'models and cards that are not known'),
  fact(24, 'No context length on a small card', ['ISVC_LINT_GPU_CONTEXT_LENGTH']),
  fact(25, 'Probes that kill a server which is still loading', ['ISVC_LINT_GPU_STARTUP'], 'sizes of models that the table of language models does not have, and the speed of the disk'),
  fact(26, 'A rollout that needs a spare GPU', ['ISVC_LINT_ROLLOUT'], 'whether there is one, so without a strategy it is a note'),
  fact(27, 'maxSurge and maxUnavailable both zero', ['ISVC_LINT_ROLLOUT']),
  fact(28, 'A PodDisruptionBudget that lets no pod go', ['ISVC_LINT_IDLE_SCALER']),
  fact(29, 'A grace period below preStop and drain', ['ISVC_LINT_GPU_GRACE', 'ISVC_LINT_TRITON_FLAGS']),
  fact(30, 'An accelerator for which KServe chooses the image for the CPU', ['ISVC_LINT_GPU_CPU_IMAGE']),
  fact(31, 'The gke-accelerator annotation beside another limit than nvidia.com/gpu', ['ISVC_LINT_GPU_GKE']),
  fact(32, 'A MIG resource name on GKE', ['ISVC_LINT_GPU_GKE']),
  fact(33, 'No replicas on Knative, or nothing that starts the first one', ['ISVC_LINT_GPU_SCALE_TO_ZERO', 'ISVC_LINT_NEVER_WAKES']),
  fact(34, 'Scaling by cpu, memory or DCGM\'s utilisation', ['ISVC_LINT_GPU_SCALE_METRIC']),
  fact(35, 'A mean or share per replica, no maximum, no result read as no load', ['ISVC_LINT_METRIC_QUERY', 'ISVC_LINT_KEDA_DEFAULT', 'ISVC_LINT_IDLE_SCALER'], 'ignoreNullValues of an InferenceService, which has no such field'),
  fact(36, 'A renamed metric of vLLM, or a counter of Triton without rate', ['ISVC_LINT_METRIC_QUERY']),
  fact(37, 'KServe\'s default memory limit with a GPU', ['ISVC_LINT_GPU_MEMORY_LIMIT']),
  fact(38, 'Keys of a ResourceQuota that are never counted', ['ISVC_LINT_GPU_QUOTA']),
  fact(39, 'Service links with vLLM', ['ISVC_LINT_GPU_SERVICE_LINKS']),
  fact(40, 'Resource claims: unknown names, one for several replicas, a limit beside one', ['ISVC_LINT_RESOURCE_CLAIM']),
  fact(41, 'nvidia.com/gpu.product as the only selector of a pool that starts from zero', ['ISVC_LINT_GPU_PRODUCT_LABEL']),
  fact(42, 'A ReadWriteOnce claim for several replicas', ['ISVC_LINT_CLAIM_ACCESS']),
  fact(43, 'Triton: an address below the repository, explicit mode without models, batching without a size, GPUs that are not there', ['ISVC_LINT_TRITON_REPOSITORY', 'ISVC_LINT_TRITON_FLAGS'], 'config.pbtxt of models that are not at hand'),
  fact(44, 'An image without a tag, or with latest', ['ISVC_LINT_GPU_IMAGE_TAG']),
  beyond(45, 'A RuntimeClass for the NVIDIA runtime', 'whether one is needed, and which there are, is the cluster\'s'),
  beyond(46, 'A read-only root filesystem where GPUs come by CDI', 'how GPUs reach containers is set on the node'),
  beyond(47, 'CUDA of the image and driver of the node', 'the driver is the node\'s; pinned images (GPU044) keep what worked'),
  beyond(48, 'Knative\'s progress deadline below node, image and start-up together', 'the times of node and image, and the platform\'s deadline, are the cluster\'s; GPU033 warns of the case where it hurts'),
  beyond(49, 'Labels of the DCGM exporter with or without exported_', 'they follow from honorLabels in Prometheus; GpuScale has an option for it'),
  beyond(50, 'Numbers of Neuron devices and TPU chips that a host can give', 'they follow from the instance type, which autoscalers choose'),
  beyond(51, 'A LimitRange that gives GPUs to pods which ask for none', 'it may be meant; the pods that result are looked at with the cluster\'s objects, not before'),
  beyond(52, 'Both an extended resource and a DeviceClass of DRA for the same devices', 'device plugins and DeviceClasses are the cluster\'s'),
  beyond(53, 'A priority class above batch work', 'priority classes, and what else runs, are the cluster\'s'),
  beyond(54, 'Download time of images and weights', 'it makes pods slow, not wrong; caches and claims are a matter of cost'),
  beyond(55, 'Text Generation Inference, which is in maintenance only', 'it works; that another server is wiser is no fault of a manifest'),
];
