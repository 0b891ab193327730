-- Make Markdown cells safe and uniform: no raw markup, no pictures from elsewhere, no
-- links but web, mail and page ones, headings without gaps, formulas with their source
-- as alternative text. Heading 1 is the report's title, so cells begin at 2.

local last_level = 1

function Header(element)
  local level = math.max(2, math.min(element.level, last_level + 1, 4))
  last_level = level
  if FORMAT:match("typst") then
    level = level - 1
  end
  return pandoc.Header(level, element.content)
end

function RawInline(element)
  if element.text:lower():match("^<br%s*/?>$") then
    return pandoc.LineBreak()
  end
  return {}
end

function RawBlock()
  return {}
end

function Image(element)
  return element.caption
end

function Link(element)
  local scheme = element.target:lower():match("^([a-z][a-z0-9+.-]*):")
  local is_safe = scheme == "http" or scheme == "https" or scheme == "mailto"
  if is_safe then
    return pandoc.Link(element.content, element.target)
  end
  return element.content
end

function CodeBlock(element)
  return pandoc.CodeBlock(element.text)
end

function Math(element)
  if not FORMAT:match("typst") then
    return nil
  end
  local written = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ element }) }), "typst")
  local is_block = tostring(element.mathtype == "DisplayMath")
  local source = element.text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s+", " ")
  local formula = written:gsub("%s+$", "")
  return pandoc.RawInline(
    "typst",
    '#qb-formula("' .. source .. '", ' .. is_block .. ", " .. formula .. ");"
  )
end
