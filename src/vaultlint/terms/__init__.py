"""Key terms and spelling: which words of a prose text are not as a glossary or a list wants them.

Nothing here knows Markdown. Texts are prose in which U+FFFC stands for all that is not prose and
a line feed is white space; offsets are code points of that text, half-open.
"""
