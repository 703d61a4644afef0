// The document at /openapi.json as a page, with a form to try each call. No library: a few hundred lines of somebody
// else's would weigh fifty times as much.
"use strict";

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

const resolve = (spec, schema) =>
  schema && schema.$ref ? resolve(spec, schema.$ref.split("/").slice(1).reduce((at, key) => at[key], spec)) : schema || {};

// An example value for a schema: what is shown as the shape of answers and offered as a body.
const example = (spec, schema, depth = 0) => {
  const found = resolve(spec, schema);
  if (depth > 6) return null;
  if (found.examples) return found.examples[0];
  if (found.default !== undefined) return found.default;
  if (found.const !== undefined) return found.const;
  if (found.enum) return found.enum[0];
  const choices = found.anyOf || found.oneOf || found.allOf;
  if (choices) return example(spec, choices.find((one) => one.type !== "null") || choices[0], depth + 1);
  if (found.type === "array") return found.items ? [example(spec, found.items, depth + 1)] : [];
  if (found.type === "object" || found.properties)
    return Object.fromEntries(Object.entries(found.properties || {}).map(([key, value]) => [key, example(spec, value, depth + 1)]));
  return { string: "", integer: 0, number: 0, boolean: false }[found.type] ?? null;
};

const pretty = (value) => JSON.stringify(value, null, 2);

const picker = (name, values, required) => {
  const options = [...(required ? [] : [""]), ...values].map((value) => make("option", { value, textContent: value || "—" }));
  return make("select", { name }, ...options);
};

const parameters = (spec, operation) => {
  const table = make("table", {}, make("tr", {}, ...["parameter", "in", "value"].map((text) => make("th", { textContent: text }))));
  for (const one of operation.parameters || []) {
    const required = one.required === true;
    const { enum: values, default: usual } = resolve(spec, one.schema);
    const input = values ? picker(one.name, values, required) : make("input", { name: one.name, value: usual ?? "", required });
    input.dataset.in = one.in;
    input.setAttribute("aria-label", one.name);
    const note = make("span", { className: "lock", textContent: ` ${one.description || (required ? "required" : "")}` });
    const name = make("td", {}, make("code", { textContent: one.name }), note);
    table.append(make("tr", {}, name, make("td", { textContent: one.in }), make("td", {}, input)));
  }
  return operation.parameters?.length ? table : null;
};

const bodyFields = (spec, operation) => {
  const content = operation.requestBody?.content || {};
  const kind = Object.keys(content)[0];
  if (!kind) return [];
  if (kind === "application/json") {
    const area = make("textarea", { value: pretty(example(spec, content[kind].schema)) });
    area.dataset.kind = kind;
    area.setAttribute("aria-label", "body, JSON");
    return [area];
  }
  return Object.entries(content[kind].schema.properties).map(([name, schema]) => {
    const type = schema.format === "binary" ? "file" : schema.format === "password" ? "password" : "text";
    const input = make("input", { name, type });
    input.dataset.kind = kind;
    return make("p", {}, make("label", {}, `${name} `, input));
  });
};

const request = (path, method, form) => {
  const query = new URLSearchParams();
  const headers = {};
  let target = path;
  for (const input of form.querySelectorAll("[data-in]")) {
    if (input.value === "") continue;
    if (input.dataset.in === "path") target = target.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.dataset.in === "query") query.set(input.name, input.value);
    else headers[input.name] = input.value;
  }
  const token = document.getElementById("token").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  const area = form.querySelector("textarea");
  const fields = [...form.querySelectorAll("input[data-kind]")];
  let body;
  if (area) {
    headers["Content-Type"] = area.dataset.kind;
    body = area.value;
  } else if (fields.length) {
    body = fields[0].dataset.kind === "multipart/form-data" ? new FormData() : new URLSearchParams();
    for (const field of fields)
      if (field.type === "file") for (const file of field.files) body.append(field.name, file);
      else if (field.value) body.append(field.name, field.value);
  }
  const asked = query.size ? `${target}?${query}` : target;
  return fetch(asked, { method: method.toUpperCase(), headers, body });
};

const show = async (response, output) => {
  const kind = response.headers.get("Content-Type") || "";
  const status = `${response.status} ${response.statusText}\n`;
  if (kind.startsWith("image/")) {
    output.replaceChildren(status, make("img", { src: URL.createObjectURL(await response.blob()), alt: "the answered image" }));
    return;
  }
  const text = await response.text();
  const found = kind.includes("json") && text ? JSON.parse(text) : null;
  if (found?.access_token) document.getElementById("token").value = found.access_token;
  output.textContent = status + (found ? pretty(found) : text);
};

const lock = (operation) => {
  if (!operation.security) return null;
  const open = operation.security.some((way) => !Object.keys(way).length);
  return make("span", { className: "lock", textContent: open ? "token, if any" : "token" });
};

const panel = (spec, path, method, operation) => {
  const output = make("pre", { hidden: true });
  const form = make("form", {}, parameters(spec, operation), ...bodyFields(spec, operation), make("button", { textContent: "Try it" }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    output.hidden = false;
    output.textContent = "…";
    try {
      await show(await request(path, method, form), output);
    } catch (error) {
      output.textContent = String(error);
    }
  });
  const answers = make("table", {}, make("tr", {}, make("th", { textContent: "status" }), make("th", { textContent: "answer" })));
  for (const [status, answer] of Object.entries(operation.responses || {})) {
    const json = answer.content?.["application/json"]?.schema;
    const cell = make("td", { textContent: answer.description });
    if (json) cell.append(make("pre", { textContent: pretty(example(spec, json)) }));
    answers.append(make("tr", {}, make("td", { textContent: status }), cell));
  }
  const inside = make("div", { className: "inside" }, make("p", { textContent: operation.description || "" }), form, output, answers);
  const summary = make(
    "summary",
    {},
    make("span", { className: `method ${method}`, textContent: method.toUpperCase() }),
    make("span", { className: "path", textContent: path }),
    make("span", { textContent: operation.summary || "" }),
    lock(operation),
  );
  const made = make("details", { id: operation.operationId }, summary, inside);
  made.dataset.words = `${method} ${path} ${operation.summary} ${operation.tags}`.toLowerCase();
  return made;
};

const render = (spec) => {
  document.getElementById("title").textContent = `${spec.info.title}, API version ${spec.info.version}`;
  document.getElementById("about").textContent = spec.info.description || "";
  const groups = new Map();
  for (const [path, methods] of Object.entries(spec.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] || "other";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(panel(spec, path, method, operation));
    }
  const sections = [...groups].map(([tag, panels]) => make("section", {}, make("h2", { textContent: tag }), ...panels));
  document.getElementById("operations").replaceChildren(...sections);
  const wanted = document.getElementById(location.hash.slice(1));
  if (wanted) wanted.open = true;
};

document.getElementById("filter").addEventListener("input", ({ target }) => {
  const words = target.value.toLowerCase().split(/\s+/);
  for (const made of document.querySelectorAll("details")) made.hidden = !words.every((word) => made.dataset.words.includes(word));
  for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector("details:not([hidden])");
});

fetch("/openapi.json")
  .then((response) => response.json())
  .then(render)
  .catch((error) => {
    document.getElementById("operations").textContent = `openapi.json could not be read: ${error}`;
  });
