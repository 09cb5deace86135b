# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

# Puts one model into a store in Ollama's layout (manifests/ and blobs/):
#   cmake -DSTORE=dir -DNAME=starter-chat -DCONFIG=file -DLAYERS=kind=file;kind=file -P make_store.cmake
cmake_minimum_required(VERSION 3.25)

# Copies a file in as a blob and gives the JSON object that refers to it.
function(add_blob media_type file out)
  file(SHA256 ${file} hash)
  file(SIZE ${file} size)
  set(blob ${STORE}/blobs/sha256-${hash})
  if(NOT EXISTS ${blob})
    configure_file(${file} ${blob}.part COPYONLY)
    file(RENAME ${blob}.part ${blob})
  endif()
  set(${out} "{\"mediaType\":\"${media_type}\",\"digest\":\"sha256:${hash}\",\"size\":${size}}" PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY ${STORE}/blobs)
add_blob(application/vnd.docker.container.image.v1+json ${CONFIG} config)
set(layers "")
foreach(layer ${LAYERS})
  string(REGEX MATCH "^([^=]+)=(.+)$" matched ${layer})
  add_blob(application/vnd.ollama.image.${CMAKE_MATCH_1} ${CMAKE_MATCH_2} json)
  string(JOIN "," layers ${layers} ${json})
endforeach()
set(media_type application/vnd.docker.distribution.manifest.v2+json)
file(WRITE ${STORE}/manifests/registry.ollama.ai/library/${NAME}/latest
     "{\"schemaVersion\":2,\"mediaType\":\"${media_type}\",\"config\":${config},\"layers\":[${layers}]}")
