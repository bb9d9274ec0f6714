"use strict";
/* Everything can be read without this. It finds teams, shows the choice beside the map, and sorts tables.
   Whatever a name holds, it is moved as text: nothing here writes HTML. */
(() => {
  const MOST_MATCHES = 12;
  const table = document.getElementById("table-of-teams");
  const side = document.getElementById("explorer-side");
  const map = document.querySelector(".map svg");
  if (!table || !side) return;
  document.documentElement.classList.add("scripted");

  /** Text without accents, capitals and superfluous blanks. */
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/gu, " ").trim();

  const teams = Array.from(table.tBodies[0].rows, (row) => {
    const id = row.cells[0].textContent.trim();
    const name = row.cells[1].textContent.trim();
    return { row, id, name, anchor: row.id, plainId: plain(id), text: plain(`${id} ${name}`) };
  });

  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const isolated = (text, className) => element("bdi", text, className);

  /* ---- Searching ---- */

  const template = document.getElementById("finder-template");
  side.append(template.content.cloneNode(true));
  const form = side.querySelector("form");
  const input = document.getElementById("find-team");
  const list = document.getElementById("find-matches");
  const count = document.getElementById("find-count");
  const panel = element("div", "", "panel");
  panel.hidden = true;
  side.append(panel);

  const found = (query) => {
    const words = plain(query).split(" ").filter(Boolean);
    if (!words.length) return [];
    const all = teams.filter((team) => words.every((word) => team.text.includes(word)));
    const whole = words.join(" ");
    const rank = (team) => (team.plainId === whole ? 0 : team.plainId.startsWith(whole) ? 1 : 2);
    return all.sort((one, other) => rank(one) - rank(other));
  };

  const suggest = () => {
    const matches = found(input.value);
    list.replaceChildren(...matches.slice(0, MOST_MATCHES).map((team) => {
      const item = element("li");
      const link = element("a");
      link.href = `#${team.anchor}`;
      link.append(isolated(team.id, "id"));
      if (team.name !== team.id) link.append(" ", isolated(team.name));
      item.append(link);
      return item;
    }));
    const more = matches.length > MOST_MATCHES ? `; the first ${MOST_MATCHES} are shown` : "";
    const many = matches.length === 1 ? "1 team matches" : `${matches.length} teams match`;
    count.textContent = input.value.trim() ? `${many}${more}.` : "";
  };

  const forget = () => {
    list.replaceChildren();
    count.textContent = "";
  };

  input.addEventListener("input", suggest);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = found(input.value);
    if (first) go(first);
  });
  form.addEventListener("keydown", (event) => {
    const links = Array.from(list.querySelectorAll("a"));
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at === 0 ? input : links[at - 1]).focus();
    } else if (event.key === "Escape") {
      input.value = "";
      forget();
      input.focus();
    }
  });

  /* ---- Choosing ---- */

  const go = (team) => {
    if (location.hash === `#${team.anchor}`) choose(team);
    else location.hash = team.anchor;
  };

  const marked = (id) => [id, `${id}_inset`].map((each) => map && map.getElementById(each)).filter(Boolean);

  const unmark = () => {
    for (const each of document.querySelectorAll(".chosen, .option")) each.classList.remove("chosen", "option");
    if (map) map.parentElement.classList.remove("has-choice");
  };

  /** A copy of a part of the page, without the ids that only one place can have. */
  const copyOf = (part) => {
    const copy = part.cloneNode(true);
    for (const each of [copy, ...copy.querySelectorAll("[id]")]) each.removeAttribute("id");
    copy.removeAttribute("aria-labelledby");
    copy.classList.remove("chosen");
    for (const heading of copy.querySelectorAll("h3, h4")) {
      const lower = element(heading.tagName === "H3" ? "h4" : "h5", "", heading.className);
      lower.append(...heading.childNodes);
      heading.replaceWith(lower);
    }
    for (const region of copy.querySelectorAll("[role=region]")) {
      region.setAttribute("aria-label", `${region.getAttribute("aria-label")}, of the team chosen`);
    }
    return copy;
  };

  const show = (team, part) => {
    const heading = element("h3");
    heading.tabIndex = -1;
    heading.append(isolated(team.id, "id"));
    if (team.name !== team.id) heading.append(" ", isolated(team.name));
    const clear = element("a", "Clear the choice");
    clear.href = "#find";
    const links = element("p", "", "help");
    panel.replaceChildren(heading);
    if (part) {
      const card = copyOf(part);
      const own = card.querySelector(`[data-partners-of="${team.anchor}"]`);
      if (own) own.parentElement.prepend(own);
      // Beside the map, the other partners come before the long table.
      const partners = card.querySelector(".partners");
      const indicators = card.querySelector(".indicators");
      if (partners && indicators) indicators.parentElement.before(partners);
      if (map && own && map.querySelector(".option")) {
        own.before(element("p", "The other bright dots on the map are its next-best partners:", "help"));
      }
      if (part.classList.contains("card")) {
        const whole = element("a", "Its card among the others");
        whole.href = `#${part.id}`;
        links.append(whole, " · ");
        if (map) {
          const picture = element("a", "Map");
          picture.href = "#map";
          links.append(picture, " · ");
        }
      }
      panel.append(card);
    }
    links.append(clear);
    heading.after(links);
    panel.hidden = false;
    return heading;
  };

  const choose = (team) => {
    unmark();
    forget();
    input.value = "";
    const card = document.getElementById(team.row.dataset.card || "");
    team.row.classList.add("chosen");
    if (map) map.parentElement.classList.add("has-choice");
    const mates = card ? card.dataset.teams.split(" ").filter(Boolean) : [team.anchor];
    for (const line of marked(team.row.dataset.line || "none")) line.classList.add("chosen");
    for (const mate of mates) for (const dot of marked(`dot-${mate}`)) dot.classList.add("chosen");
    if (card) {
      card.classList.add("chosen");
      const partners = card.querySelector(`[data-partners-of="${team.anchor}"]`);
      if (partners) {
        partners.classList.add("chosen");
        for (const row of partners.querySelectorAll("[data-partner]")) {
          for (const dot of marked(`dot-${row.dataset.partner}`)) dot.classList.add("option");
        }
      }
    }
    const heading = show(team, card || document.getElementById(`unpaired-${team.anchor}`));
    panel.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  };

  const clear = () => {
    unmark();
    panel.hidden = true;
    panel.replaceChildren();
  };

  const follow = () => {
    // Ids of this page need no decoding, and an address that was mangled could not be decoded.
    const hash = location.hash.slice(1);
    const team = teams.find((each) => each.anchor === hash);
    if (team) choose(team);
    else if (hash === "" || hash === "find") clear();
  };

  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) follow();
  });
  if (map) {
    map.addEventListener("click", (event) => {
      const dot = event.target.closest('[id^="dot-"]');
      const anchor = dot && dot.id.replace(/^dot-/u, "").replace(/_inset$/u, "");
      const team = teams.find((each) => each.anchor === anchor);
      if (team) go(team);
    });
  }
  if (location.hash) follow();

  /* ---- Sorting ---- */

  const collator = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });

  /** Compare two cells; what is not known comes last, whatever the direction. */
  const comparing = (column, isNumber, sign) => (one, other) => {
    const [a, b] = [one.cells[column], other.cells[column]];
    if (!isNumber) return sign * collator.compare(a.textContent.trim(), b.textContent.trim());
    const [x, y] = [a.dataset.value, b.dataset.value];
    if (x === "" || y === "") return (x === "") - (y === "");
    return sign * (Number(x) - Number(y));
  };

  const sort = (sorted, header) => {
    const ascending = header.getAttribute("aria-sort") !== "ascending";
    for (const each of sorted.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const body = sorted.tBodies[0];
    const isNumber = header.classList.contains("number");
    const rows = Array.from(body.rows).sort(comparing(header.cellIndex, isNumber, ascending ? 1 : -1));
    body.append(...rows);
  };

  for (const sorted of document.querySelectorAll("table[data-sortable]")) {
    for (const header of sorted.tHead.rows[0].cells) {
      const button = element("button", header.textContent);
      button.type = "button";
      button.addEventListener("click", () => sort(sorted, header));
      header.replaceChildren(button);
    }
  }
})();
