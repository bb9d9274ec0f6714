// Wide tables and cells scroll: let the keyboard reach them. (The theme wraps tables once the page is there.)
document$.subscribe(() => {
  for (const wide of document.querySelectorAll(".md-typeset__scrollwrap, .highlight-ipynb, .jp-OutputArea-output")) {
    wide.tabIndex = 0;
  }
});
