"""From text to facts. The only package that imports mistune and frontmatter."""
