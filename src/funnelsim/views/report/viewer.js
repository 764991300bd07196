"use strict";
(function () {
  const box = document.getElementById("viewer");
  const answers = JSON.parse(document.getElementById("viewer-data").textContent).answers;
  const lists = Array.from(box.querySelectorAll("select"));
  const body = box.querySelector("tbody");
  function show() {
    const chosen = lists.map((list) => list.value);
    const answer = answers.find((each) => each.at.every((value, place) => value === chosen[place]));
    body.replaceChildren();
    for (const row of answer ? answer.rows : []) {
      const line = body.insertRow();
      row.forEach((text, place) => {
        const cell = document.createElement(place ? "td" : "th");
        if (!place) cell.scope = "row";
        cell.textContent = text;
        line.append(cell);
      });
    }
  }
  for (const list of lists) list.addEventListener("change", show);
  box.hidden = false;
  show();
})();
