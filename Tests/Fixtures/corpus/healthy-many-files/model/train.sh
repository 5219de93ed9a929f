#!/bin/sh
caffe train --solver=solver.prototxt
