"""What there is to say, written in every format.

`blocks` is what can be said, `sheets` says each content in blocks, and `writers` lays
out any sheet in one format: text, Markdown, or HTML as a card or a page. Beside them
stand the pictures (`path`, `decision_graph`, `bars`, `thresholds`, `figure` and
`mermaid`, drawn by `svg` and `layout`, each a `picture` with its words). `lines`,
`markup`, `parts`, `phrases` and `style` are what all of them write with.
"""
