// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Text, TSV and hOCR: pages as other programs write them.

#include <cmath>
#include <string>

#include "services/vision/ocr/layout.hpp"
#include "services/vision/ocr/wire.hpp"

namespace hailstone::ocr {
namespace {

constexpr const char* kTsvHeader =
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_"
    "num\tleft\ttop\twidth\theight\tconf\ttext\n";

/// Where a row stands: numbers from 1, 0 where its level has none.
struct Place {
  int level = 1;
  int block = 0;
  int paragraph = 0;
  int line = 0;
  int word = 0;
};

void append_row(std::string& out, const Place& place, const PixelRect& box,
                const std::string& confidence, const std::string& text) {
  for (const int number : {place.level, 1, place.block, place.paragraph, place.line, place.word,
                           box.left, box.top, box.width, box.height}) {
    out += std::to_string(number) + "\t";
  }
  out += confidence + "\t" + text + "\n";
}

std::string percent(double confidence) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", confidence * 100);
  return text;
}

/// A tab or a line's end within a word would break the table.
std::string one_cell(std::string text) {
  for (char& c : text) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

void append_line(std::string& out, Place place, const inference::ReadLine& line) {
  append_row(out, place, pixels_of(line.box), "-1", "");
  place.level = 5;
  for (const auto& word : line.words) {
    ++place.word;
    append_row(out, place, pixels_of(word.box), percent(word.confidence), one_cell(word.text));
  }
}

void append_block(std::string& out, int number, const Block& block) {
  append_row(out, {2, number}, block.box, "-1", "");
  int paragraph_number = 0;
  for (const auto& paragraph : block.paragraphs) {
    append_row(out, {3, number, ++paragraph_number}, paragraph.box, "-1", "");
    int line_number = 0;
    for (const auto& line : paragraph.lines) {
      append_line(out, {4, number, paragraph_number, ++line_number}, line);
    }
  }
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string corners(const PixelRect& box) {
  return "bbox " + std::to_string(box.left) + " " + std::to_string(box.top) + " " +
         std::to_string(box.left + box.width) + " " + std::to_string(box.top + box.height);
}

/// Counts the elements of a page, whose ids must differ.
struct HocrIds {
  int block = 0;
  int paragraph = 0;
  int line = 0;
  int word = 0;
};

std::string id_of(const char* kind, int number) {
  return std::string("id='") + kind + "_1_" + std::to_string(number) + "'";
}

void append_hocr_line(std::string& out, HocrIds& ids, const inference::ReadLine& line) {
  out += "     <span class='ocr_line' " + id_of("line", ++ids.line) + " title='" +
         corners(pixels_of(line.box)) + "'>\n";
  for (const auto& word : line.words) {
    out += "      <span class='ocrx_word' " + id_of("word", ++ids.word) + " title='" +
           corners(pixels_of(word.box)) + "; x_wconf " +
           std::to_string(std::lround(word.confidence * 100)) + "'>" + escape(word.text) +
           "</span>\n";
  }
  out += "     </span>\n";
}

void append_hocr_block(std::string& out, HocrIds& ids, const Block& block) {
  out += "   <div class='ocr_carea' " + id_of("block", ++ids.block) + " title='" +
         corners(block.box) + "'>\n";
  for (const auto& paragraph : block.paragraphs) {
    out += "    <p class='ocr_par' " + id_of("par", ++ids.paragraph) + " title='" +
           corners(paragraph.box) + "'>\n";
    for (const auto& line : paragraph.lines) append_hocr_line(out, ids, line);
    out += "    </p>\n";
  }
  out += "   </div>\n";
}

}  // namespace

std::string write_text(const Result& result) {
  std::string out;
  for (const auto& block : gather_blocks(result.lines)) {
    for (const auto& paragraph : block.paragraphs) {
      if (!out.empty()) out += "\n";
      for (const auto& line : paragraph.lines) out += text_of(line) + "\n";
    }
  }
  return out;
}

std::string write_tsv(const Result& result) {
  std::string out = kTsvHeader;
  append_row(out, {}, {0, 0, result.size.width, result.size.height}, "-1", "");
  int number = 0;
  for (const auto& block : gather_blocks(result.lines)) append_block(out, ++number, block);
  return out;
}

std::string write_hocr(const Result& result) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
      "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
      "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n <head>\n"
      "  <title></title>\n"
      "  <meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"/>\n"
      "  <meta name='ocr-system' content='hailstone " +
      escape(result.model) +
      "'/>\n"
      "  <meta name='ocr-capabilities' content='ocr_page ocr_carea ocr_par ocr_line ocrx_word'/>\n"
      " </head>\n <body>\n";
  out += "  <div class='ocr_page' id='page_1' title='" +
         corners({0, 0, result.size.width, result.size.height}) + "; ppageno 0'>\n";
  HocrIds ids;
  for (const auto& block : gather_blocks(result.lines)) append_hocr_block(out, ids, block);
  return out + "  </div>\n </body>\n</html>\n";
}

}  // namespace hailstone::ocr
