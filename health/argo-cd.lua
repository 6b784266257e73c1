-- Health of an InferenceService or InferenceGraph for Argo CD.
-- In the ConfigMap argocd-cm, under
--   resource.customizations.health.serving.kserve.io_InferenceService
--   resource.customizations.health.serving.kserve.io_InferenceGraph
-- Plain Lua 5.1 without libraries, as Argo CD runs it.

local function health(status, message)
  return { status = status, message = message or "" }
end

local function words(condition)
  if condition.message ~= nil and condition.message ~= "" then
    return condition.message
  end
  return condition.reason or ""
end

local status = obj.status
if status == nil or status.conditions == nil then
  return health("Progressing", "waits for the controller")
end
-- KServe's controller publishes the generation of a child here, so only a smaller number says something.
if status.observedGeneration ~= nil and status.observedGeneration < obj.metadata.generation then
  return health("Progressing", "waits for the controller to see the latest change")
end

local found = {}
for _, condition in ipairs(status.conditions) do
  found[condition.type] = condition
end

local ready, progressing = found["Ready"], found["Progressing"]
if found["Stopped"] ~= nil and found["Stopped"].status == "True" then
  return health("Suspended", "stopped by annotation")
end
if ready == nil then
  return health("Progressing", "waits for the controller")
end

local model = status.modelStatus
local stuck = model ~= nil and (model.transitionStatus == "InvalidSpec" or model.transitionStatus == "BlockedByFailedLoad")
if ready.status == "True" then
  -- What answers may be the version before the one that was asked for.
  if stuck then
    return health("Degraded", model.lastFailureInfo ~= nil and model.lastFailureInfo.message or words(ready))
  end
  if progressing ~= nil and progressing.status == "True" then
    return health("Progressing", words(progressing))
  end
  if progressing ~= nil and progressing.reason ~= "Settled" then
    return health("Degraded", words(progressing))
  end
  return health("Healthy", status.url)
end

local refused = ready.reason == "ReconcileFailed" or ready.reason == "InvalidGraph"
-- Not ready although nothing is on its way: a deadline has passed, or what was ready is no more.
local settled = progressing ~= nil and progressing.status == "False"
if stuck or refused or settled then
  return health("Degraded", words(ready))
end
return health("Progressing", words(ready))
