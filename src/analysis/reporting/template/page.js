// Adds to a page that is whole without it: sorting, values in charts, full prints.
(() => {
  "use strict";
  const words = document.body.dataset;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, name, parent) => {
    const element = parent.appendChild(document.createElement(tag));
    element.className = name;
    return element;
  };
  const spoken = make("p", "unseen", document.body);
  spoken.setAttribute("role", "status");

  // Sorting: rows without a value come last, equal rows keep their order.
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const isText = (value) => typeof value === "string";
  const compare = (a, b) => (isText(a) && isText(b) ? order.compare(a, b) : a - b);
  const read = (cell, isNumber) => {
    if (cell.dataset.value) return Number(cell.dataset.value);
    return isNumber ? null : cell.textContent.trim() || null;
  };
  const sort = (table, head, name) => {
    const place = head.cellIndex;
    const isNumber = head.classList.contains("qb-number");
    const was = head.getAttribute("aria-sort");
    const rises = was ? was === "descending" : !isNumber;
    all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", rises ? "ascending" : "descending");
    const rows = all("tbody > tr:not(.qb-total)", table).map((row) => ({
      row,
      value: read(row.cells[place], isNumber),
    }));
    const known = rows.filter(({ value }) => value !== null);
    known.sort((a, b) => (rises ? 1 : -1) * compare(a.value, b.value));
    const missing = rows.filter(({ value }) => value === null);
    const total = all("tbody > .qb-total", table);
    const ordered = [...known, ...missing].map(({ row }) => row);
    table.tBodies[0].append(...ordered, ...total);
    spoken.textContent = words[rises ? "rising" : "falling"].replace("{column}", name);
  };
  all("table.qb-sortable").forEach((table) => {
    all("thead th", table).forEach((head) => {
      const label = head.textContent.trim();
      if (!label) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "qb-sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, head, label));
    });
  });

  // Values of marks: by pointer, by touch, by arrow keys in the chart.
  all(".qb-mark > title").forEach((title) => {
    title.parentNode.dataset.tip = title.textContent;
    title.remove();
  });
  const bubble = make("div", "qb-bubble", document.body);
  bubble.hidden = true;
  let active = null;
  const hide = () => {
    active?.classList.remove("qb-active");
    active = null;
    bubble.hidden = true;
  };
  const show = (mark, x, y) => {
    if (active !== mark) hide();
    active = mark;
    mark.classList.add("qb-active");
    bubble.textContent = mark.dataset.tip;
    bubble.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = bubble;
    const right = document.documentElement.clientWidth - width - 8;
    bubble.style.left = `${Math.max(8, Math.min(x - width / 2, right))}px`;
    bubble.style.top = `${y - height - 14 < 8 ? y + 18 : y - height - 14}px`;
  };
  const find = (event) => event.target.closest?.(".qb-mark[data-tip]");
  const point = (event) => {
    const mark = find(event);
    if (mark) show(mark, event.clientX, event.clientY);
    else hide();
  };
  ["pointermove", "click"].forEach((name) => document.addEventListener(name, point));
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  all(".qb-drawing").forEach((drawing) => {
    const every = all(".qb-mark[data-tip]", drawing);
    if (!every.length) return;
    drawing.setAttribute("aria-description", words.keys);
    drawing.addEventListener("focusout", hide);
    drawing.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      // the drawing for another width is not shown
      const marks = every.filter((mark) => mark.getClientRects().length);
      const from = marks.indexOf(active);
      const next = from < 0 && step < 0 ? marks.length - 1 : from + step;
      const mark = marks[(next + marks.length) % marks.length];
      const box = mark.getBoundingClientRect();
      show(mark, box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
      spoken.textContent = mark.dataset.tip;
    });
  });
  // Prints show what the screen folds away.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details.whole-in-print:not([open])");
    opened.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => {
    opened.forEach((details) => (details.open = false));
  });
})();
