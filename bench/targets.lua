-- Requests from a file, one a line (method, path, body, separated by tabs); each thread takes its own lines.
local lines, place, step, total = {}, 0, 1, 0
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  for line in io.lines(os.getenv("BENCH_TARGETS")) do lines[#lines + 1] = line end
  step = tonumber(os.getenv("BENCH_THREADS"))
  total = #lines
  place = number
  math.randomseed(os.time() + number)
  if os.getenv("BENCH_COOKIE") then wrk.headers["Cookie"] = os.getenv("BENCH_COOKIE") end
  if os.getenv("BENCH_BEARER") then wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_BEARER") end
end

function request()
  local line = lines[place % total + 1]
  place = place + step
  local method, path, body = line:match("^(%S+)\t(%S+)\t?(.*)$")
  local headers = {}
  for name, value in pairs(wrk.headers) do headers[name] = value end
  if os.getenv("BENCH_FROM_EVERYWHERE") then
    headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(1, 254))
  end
  local is_json = body:sub(1, 1) == "{"
  if method == "POST" or method == "PUT" then
    headers["Content-Type"] = is_json and "application/json" or "application/x-www-form-urlencoded"
  end
  return wrk.format(method, path, headers, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %d %.3f %.3f %.3f %.3f %d\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
