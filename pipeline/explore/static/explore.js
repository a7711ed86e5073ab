// Charts are drawn, and a row and its words light up together. Everything else works without this file.
"use strict";

const lit = (ids, on) => {
  const wanted = new Set(ids.split(" ").filter(Boolean));
  const shares = (value) => value.split(" ").some((id) => wanted.has(id));
  for (const mark of document.querySelectorAll("[data-rows]")) {
    if (shares(mark.dataset.rows)) mark.classList.toggle("lit", on);
  }
  for (const row of document.querySelectorAll("[data-row]")) {
    if (shares(row.dataset.row)) row.classList.toggle("lit", on);
  }
};

const ids = (element) => element.dataset.rows || element.dataset.row;
for (const element of document.querySelectorAll("[data-row], .text [data-rows]")) {
  element.addEventListener("mouseenter", () => lit(ids(element), true));
  element.addEventListener("mouseleave", () => lit(ids(element), false));
  element.addEventListener("focusin", () => lit(ids(element), true));
  element.addEventListener("focusout", () => lit(ids(element), false));
}

let kept = "";
const keep = (what) => {
  for (const old of document.querySelectorAll(".kept")) old.classList.remove("kept");
  kept = what;
  const wanted = new Set(what.split(" ").filter(Boolean));
  for (const one of document.querySelectorAll("[data-row], [data-rows]")) {
    if (ids(one).split(" ").some((id) => wanted.has(id))) one.classList.add("kept");
  }
};
for (const row of document.querySelectorAll("[data-row]")) {
  row.addEventListener("click", (event) => {
    keep(row.dataset.row);
    if (event.target.closest("a")) return;
    const first = document.querySelector("a.m.kept");
    if (first) first.scrollIntoView({ block: "center" });
  });
}
for (const mark of document.querySelectorAll(".text [data-rows]")) {
  mark.addEventListener("click", () => keep(mark.dataset.rows));
}

const charts = document.querySelectorAll(".chart");
if (charts.length) {
  const script = document.createElement("script");
  script.src = "/-/tongket/vega.js";
  script.type = "module";
  script.addEventListener("load", () => {
    for (const chart of charts) {
      const spec = JSON.parse(chart.querySelector("script").textContent);
      const place = document.createElement("div");
      chart.append(place);
      // Expressions are interpreted, not compiled: the page allows no eval.
      window.vegaEmbed(place, spec, { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false })
        .then(() => { chart.dataset.drawn = "1"; });
    }
  });
  document.head.append(script);
}

// A field that takes codes offers them.
for (const field of document.querySelectorAll("select[data-input]")) {
  field.addEventListener("change", () => {
    const list = `codes-${field.dataset.table}.${field.value}`;
    const input = document.getElementById(field.dataset.input);
    if (document.getElementById(list)) input.setAttribute("list", list);
    else input.removeAttribute("list");
  });
}
