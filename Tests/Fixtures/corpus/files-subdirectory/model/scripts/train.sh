caffe train
